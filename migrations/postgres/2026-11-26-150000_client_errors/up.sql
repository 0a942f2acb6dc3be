-- What each client was refused, for its integrators: the newest of each, for a week. No personal value.
CREATE TABLE client_errors (
  id BYTEA PRIMARY KEY NOT NULL,
  client_id BYTEA NOT NULL REFERENCES clients (id),
  at BIGINT NOT NULL,
  endpoint TEXT NOT NULL,
  code TEXT NOT NULL,
  description TEXT NOT NULL,
  reference TEXT NOT NULL
);
CREATE INDEX client_errors_of ON client_errors (client_id, id);
CREATE INDEX client_errors_at ON client_errors (at);
