-- The keyed id that a platform operator has for a person: a renewed card is known by it.
ALTER TABLE proofings ADD COLUMN keyed_applicant BYTEA;
CREATE INDEX proofings_applicant ON proofings (keyed_applicant) WHERE keyed_applicant IS NOT NULL;
