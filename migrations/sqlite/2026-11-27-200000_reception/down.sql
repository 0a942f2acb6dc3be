DROP TABLE staff_calls;
DROP TABLE reception_events;
DROP TABLE pairing_codes;
DROP TABLE terminals;
