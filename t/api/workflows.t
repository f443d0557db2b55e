#!/usr/bin/perl
# GET /v1/workflows/{id}: the work behind a workflow_id; and POST .../retry.
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
    kind => 'silence', state => 'waiting', attempts => 0, result => undef,
    reason => undef, attempt_log => [] }, 'and what it is');
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
my $nobody = '0190b0a0-0000-7000-8000-000000000001';
for my $odd ('nonsense', $nobody, $made->{conversation_id}) {
	my $answer = $parley->get("/v1/workflows/$odd");
	is($answer->status, 404, "$odd: 404");
	is($answer->faults, 'WORKFLOW_NOT_FOUND', "$odd: it is said so");
}
is($parley->with_scopes('conversations:read')->get($path)->status, 200,
    'who may read conversations may ask');

# --- How its tries ended.

my $account = $parley->id =~ s/-//gr;
$parley->sql(<<~"END");
	UPDATE work SET state = 'dead', attempt = 2, result = NULL,
	  reason = 'they said 410'
	WHERE id = $id;
	INSERT INTO work_attempt VALUES
	  (X'$account', $id, 2, 'dead', 'they said 410',
	    '2030-01-02 03:04:06.5'),
	  (X'$account', $id, 1, 'again', 'they said 503',
	    '2030-01-02 03:04:05');
	INSERT INTO work_attempt
	  SELECT X'$account', UNHEX(REPLACE('$nobody', '-', '')), 1, 'again',
	    'another''s', NOW(6);
	END
$work = $parley->get($path)->data;
is_deeply([ @$work{qw(state attempts reason attempt_log)} ], [ 'dead', 2,
    'they said 410', [
	{ attempt => 1, outcome => 'again', reason => 'they said 503',
	    finished_at => '2030-01-02T03:04:05.000Z' },
	{ attempt => 2, outcome => 'dead', reason => 'they said 410',
	    finished_at => '2030-01-02T03:04:06.500Z' } ] ],
    'every try is told, the first one first');

# --- Again.

my $before = $parley->state;
for my $scope (qw(conversations:read conversations:read_sensitive
    webhooks:manage)) {
	is($parley->with_scopes($scope)->post("$path/retry")->status, 403,
	    "$scope is not enough to have it tried again");
}
is($parley->another_account->post("$path/retry")->faults,
    'WORKFLOW_NOT_FOUND', 'for another account it is not there');
for my $odd ('nonsense', $nobody, $made->{conversation_id}) {
	my $answer = $parley->post("/v1/workflows/$odd/retry");
	is($answer->status . ' ' . $answer->faults, '404 WORKFLOW_NOT_FOUND',
	    "$odd is none that could be tried again");
}
is($parley->get($path)->data->{state}, 'dead', 'nothing comes of those');

my $answer = $parley->post("$path/retry");
is($answer->status, 200, 'a dead one is tried again');
$work = $answer->data;
is_deeply([ @$work{qw(id state attempts attempt_log)} ],
    [ $made->{workflow_id}, 'waiting', 0, [] ],
    'it waits, as if it had not been tried');
is($parley->sql("SELECT due BETWEEN UTC_TIMESTAMP(6) - INTERVAL 60 SECOND"
    . " AND UTC_TIMESTAMP(6) FROM work WHERE id = $id"), 1, 'and is due now');
is($parley->sql('SELECT COUNT(*) FROM work_attempt'), 1,
    "another's tries stay");
$before = $parley->state;
for my $state (qw(waiting running done)) {
	$parley->sql("UPDATE work SET state = '$state' WHERE id = $id");
	$answer = $parley->post("$path/retry");
	is($answer->status . ' ' . $answer->faults, '409 WORKFLOW_NOT_DEAD',
	    "one that is $state is not tried again");
}
$parley->sql("UPDATE work SET state = 'waiting' WHERE id = $id");
is($parley->state, $before, 'nor changed');

# --- One that is done and has moved.

$parley->sql(<<~"END");
	INSERT INTO work_done
	  SELECT account_id, id, subject_id, kind, due, 1, payload,
	    '{"struck":"timeout"}', created_at, updated_at
	  FROM work WHERE id = $id;
	DELETE FROM work WHERE id = $id;
	END
$work = $parley->get($path)->data;
is_deeply([ @$work{qw(id state attempts result reason attempt_log)} ],
    [ $made->{workflow_id}, 'done', 1, { struck => 'timeout' }, undef, [] ],
    'what is done can still be asked for');
$answer = $parley->post("$path/retry");
is($answer->status . ' ' . $answer->faults, '409 WORKFLOW_NOT_DEAD',
    'but is not tried again');
is($parley->another_account->get($path)->status, 404,
    'nor is it there for another account');

# --- It goes with its conversation.

is($parley->delete("/v1/sms/conversations/$made->{conversation_id}")
    ->status, 200, 'a conversation is deleted');
is($parley->get($path)->status, 404, 'with what was done for it');
is($parley->sql("SELECT COUNT(*) FROM work_done"), 0, 'for good');

# --- Under an Idempotency-Key.

$made = $parley->create(sender => 'AGENT', time_out => 3600)->data;
$path = "/v1/workflows/$made->{workflow_id}";
$parley->sql("UPDATE work SET state = 'dead' WHERE id ="
    . " UNHEX(REPLACE('$made->{workflow_id}', '-', ''))");
my @twice = map { $parley->post("$path/retry", undef,
    { 'Idempotency-Key' => 'retry-1' }) } 1, 2;
is($twice[0]->status, 200, 'it is tried again under a key');
is($twice[1]->content, $twice[0]->content, 'and the same answer comes twice');

done_testing;
