-- An account acts for a person that is not its own: stated, dated, ending at majority.
CREATE TABLE relations (
  id BLOB PRIMARY KEY NOT NULL,
  account_id BLOB NOT NULL REFERENCES accounts (id),
  person_id BLOB NOT NULL REFERENCES persons (id),
  kind TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX relations_account ON relations (account_id);
CREATE INDEX relations_person ON relations (person_id);
CREATE UNIQUE INDEX relations_one_live ON relations (account_id, person_id) WHERE ended_at IS NULL;
