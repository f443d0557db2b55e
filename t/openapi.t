#!/usr/bin/perl
# Is the API's description right: a valid one, and does it describe every
# answer that the other tests were given?  Run after them, by t/run.
use v5.30;
use warnings;

my $answers = $ENV{PARLEY_TEST_ANSWERS}
    or die "t/run says where the answers are\n";
my @lists = glob "$answers/*.jsonl";
exec 'node', "$ENV{SRCDIR}/t/openapi.mjs", "$answers/openapi.json", @lists
    or die "node: $!\n";
