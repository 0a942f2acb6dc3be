ALTER TABLE access_tokens DROP COLUMN front_channel;
