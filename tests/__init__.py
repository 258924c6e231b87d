"""The tests: what is shipped (`package`) and how it is made (`tools`)."""
