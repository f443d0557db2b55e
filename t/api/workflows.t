#!/usr/bin/perl
# GET /v1/workflows/{id}: the work behind a workflow_id.
use v5.30;
use warnings;

use Parley::Test;

my $parley = Parley::Test->new;
my $time = qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
my $made = $parley->create(sender => 'AGENT', time_out => 3600)->data;
my $path = "/v1/workflows/$made->{workflow_id}";

my $work = $parley->get($path)->data;
like(delete $work->{$_}, $time, "it has $_") for qw(created_at updated_at);
my $due = delete $work->{due};
like($due, $time, 'it has due');
is_deeply($work, { id => $made->{workflow_id}, workflow_id =>
    $made->{workflow_id}, conversation_id => $made->{conversation_id},
    kind => 'silence', state => 'waiting', attempts => 0, result => undef },
    'and what it is');
my $id = "UNHEX(REPLACE('$made->{workflow_id}', '-', ''))";
is($parley->sql("SELECT DATE_FORMAT(due, '%Y-%m-%dT%H:%i:%s') FROM work"
    . " WHERE id = $id"), substr($due, 0, 19), 'due is when it is due');

for my $state (qw(running done dead)) {
	$parley->sql("UPDATE work SET state = '$state', attempt = 3,"
	    . " result = '{\"why\":[1]}' WHERE id = $id");
	$work = $parley->get($path)->data;
	is_deeply([ @$work{qw(state attempts result)} ], [ $state, 3,
	    { why => [ 1 ] } ], "when it is $state it says so");
}
for my $odd ('nonsense', '0190b0a0-0000-7000-8000-000000000001',
    $made->{conversation_id}) {
	my $answer = $parley->get("/v1/workflows/$odd");
	is($answer->status, 404, "$odd: 404");
	is($answer->faults, 'WORKFLOW_NOT_FOUND', "$odd: it is said so");
}
is($parley->with_scopes('conversations:read')->get($path)->status, 200,
    'who may read conversations may ask');

done_testing;
