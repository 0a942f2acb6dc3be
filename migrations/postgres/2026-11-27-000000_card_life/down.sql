DROP INDEX proofings_applicant;
ALTER TABLE proofings DROP COLUMN keyed_applicant;
