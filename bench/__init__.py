"""`make bench`: what the main requests cost, in figures that hold on any machine.

Three processes take part, but only one is measured. This one asks. `bench.server` is the local stage with a line to the
bench, and is measured. DynamoDB Local runs beside it. CPU is counted in *units*: one unit is what a strongly consistent
GetItem of a profile costs the server's process, measured between the requests of the same run.
"""
