-- The persons' wrapped keys, apart from the main store so that its backups leave them out: erasing a row erases the person.
CREATE TABLE person_keys (
  person_id BLOB PRIMARY KEY NOT NULL,
  wrapped BLOB NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX person_keys_created ON person_keys (created_at);
