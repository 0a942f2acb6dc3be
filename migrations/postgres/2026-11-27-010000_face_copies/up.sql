-- A copy of a face for each facility, turned by a key of the facility and epoch; it ends with the master template.
CREATE TABLE face_epochs (
  facility_id BYTEA PRIMARY KEY NOT NULL REFERENCES facilities (id),
  epoch INTEGER NOT NULL,
  version BIGINT NOT NULL
);
CREATE TABLE face_copies (
  person_id BYTEA NOT NULL REFERENCES face_templates (person_id) ON DELETE CASCADE,
  facility_id BYTEA NOT NULL REFERENCES face_epochs (facility_id),
  epoch INTEGER NOT NULL,
  model TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (person_id, facility_id)
);
CREATE INDEX face_copies_facility ON face_copies (facility_id, version);
-- The proofing by which it was known whose face it is, and when the person was told that it ends soon.
ALTER TABLE face_templates ADD COLUMN proofing_id BYTEA;
ALTER TABLE face_templates ADD COLUMN reminded_at BIGINT;
