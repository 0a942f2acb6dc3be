ALTER TABLE face_templates DROP COLUMN reminded_at;
ALTER TABLE face_templates DROP COLUMN proofing_id;
DROP TABLE face_copies;
DROP TABLE face_epochs;
