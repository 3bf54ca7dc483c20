"""Mesa agents: views of a row of the columns, with the verbs a reader expects."""
