-- Devices at receptions, the codes that pair them, who came and left, and calls for staff.
CREATE TABLE terminals (
  id BYTEA PRIMARY KEY NOT NULL,
  facility_id BYTEA NOT NULL REFERENCES facilities (id),
  name TEXT NOT NULL,
  public_key BYTEA NOT NULL,
  cookie BYTEA NOT NULL UNIQUE,
  paired_at BIGINT NOT NULL,
  last_seen_at BIGINT,
  revoked_at BIGINT
);
CREATE INDEX terminals_facility ON terminals (facility_id);
CREATE TABLE pairing_codes (
  hash BYTEA PRIMARY KEY NOT NULL,
  facility_id BYTEA NOT NULL REFERENCES facilities (id),
  name TEXT NOT NULL,
  staff_id BYTEA,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);
CREATE INDEX pairing_codes_expires ON pairing_codes (expires_at);
CREATE TABLE reception_events (
  id BYTEA PRIMARY KEY NOT NULL,
  facility_id BYTEA NOT NULL REFERENCES facilities (id),
  person_id BYTEA NOT NULL REFERENCES persons (id),
  terminal_id BYTEA NOT NULL REFERENCES terminals (id),
  direction TEXT NOT NULL,
  way TEXT NOT NULL,
  fee_class TEXT NOT NULL,
  milliseconds INTEGER NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX reception_events_facility ON reception_events (facility_id, at);
CREATE INDEX reception_events_person ON reception_events (person_id, facility_id, at);
CREATE INDEX reception_events_at ON reception_events (at);
CREATE TABLE staff_calls (
  id BYTEA PRIMARY KEY NOT NULL,
  facility_id BYTEA NOT NULL REFERENCES facilities (id),
  terminal_id BYTEA NOT NULL REFERENCES terminals (id),
  reason TEXT NOT NULL,
  raised_at BIGINT NOT NULL,
  closed_at BIGINT,
  closed_by BYTEA
);
CREATE INDEX staff_calls_facility ON staff_calls (facility_id, closed_at);
CREATE INDEX staff_calls_raised ON staff_calls (raised_at);
