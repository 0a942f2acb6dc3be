DROP TABLE upstream_visits;
