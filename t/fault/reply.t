# What a turn says leaves by the thread that took the turn, as soon as the
# turn is recorded.  A worker is killed at each point of that: the turn is
# taken once, and its words reach the carrier once.  What is not to leave is
# found in the transaction that records the turn, and waits or is refused.
use v5.30;
use warnings;

use JSON::PP ();
use Parley::Fault qw(hold lapse waits_for_table);
use Parley::Test;
use Parley::Twilio;

use constant { ALLOW => '127.0.0.0/8', PATIENCE => 30 };

my $test = Parley::Test->new(environment => { PARLEY_NET_ALLOW => ALLOW });
my $twilio = Parley::Twilio->new;
my $users = 0;
my $worker = start();

sub start { return $test->start_worker(PARLEY_NET_ALLOW => ALLOW) }
sub row { return 'UNHEX(\'' . $_[0] =~ tr/-//dr . '\')' }
sub user { return sprintf '+1555660%04d', ++$users }

# A pathway that asks no model, by a carrier that fails when it is told to.
sub prepare {
	my $id = $test->post('/v1/pathway/create', { name => 'One' })
	    ->json->{pathway_id};
	$test->post("/v1/pathway/$id/version", { name => 'One', edges => [],
	    nodes => [ { id => 'one', type => 'Default', data => {
	    name => 'One', isStart => JSON::PP::true,
	    text => 'You are {{phone_number}}' } } ] });
	$test->post("/v1/pathway/$id/publish", { version_id => 1 });
	my $carrier = $test->post('/v1/carriers', { kind => 'twilio',
	    name => 'Twilio', account_sid => $twilio->sid,
	    auth_token => $twilio->token, base_url => $twilio->url })
	    ->data->{id};
	$test->sql('UPDATE phone_number SET carrier_id = ' . row($carrier));
	$test->set(pathway_id => $id, debounce => 0);
}

# The agent is asked to speak to the user; the conversation's id.
sub ask {
	my ($user) = @_;
	return $test->post('/v1/sms/send', { user_number => $user,
	    agent_number => $test->number })->data->{conversation_id};
}

# What became of the agent's message, its work, and how often it was written.
sub message {
	my ($id) = @_;
	return $test->sql('SELECT status, error_code, leaving_at IS NULL,
	    COUNT(*) FROM message WHERE sender = \'AGENT\''
	    . ' AND conversation_id = ' . row($id));
}

sub work {
	my ($id, $kind, $table) = @_;
	return $test->sql("SELECT COUNT(*), MAX(attempt) FROM $table"
	    . " WHERE kind = '$kind' AND subject_id = " . row($id));
}

sub accepted {
	my ($user) = @_;
	return scalar grep { $_->{to} eq $user } $twilio->accepted;
}

sub calls {
	my ($user) = @_;
	return scalar grep { $_->{method} eq 'POST' &&
	    $_->{form}{To} eq $user } $twilio->calls;
}

sub kill_at {
	my (%of) = @_;
	my $user = user();
	my $lock = $of{lock} && !$of{hang} ?
	    hold($test, "LOCK TABLES $of{lock}") : undef;
	$twilio->fail($of{hang}) if $of{hang};
	my $id = ask($user);
	# A table that every worker sweeps: the sweep waits for it too, and
	# nothing is claimed.
	if ($of{lock} && $of{hang}) {
		wait_until(PATIENCE, sub { calls($user) });
		$lock = hold($test, "LOCK TABLES $of{lock}");
	}
	ok(wait_until(PATIENCE, sub { $lock ? waits_for_table($test) :
	    $of{hang} eq 'hang' ? calls($user) : accepted($user) }),
	    'the worker is there');
	is(work($id, 'send', 'work'), $of{left},
	    'the work that sends is as it is to be');
	$test->crash_worker($worker);
	$lock->release('UNLOCK TABLES') if $lock;
	ok(wait_until(PATIENCE, sub { !$test->sql('SELECT COUNT(*)
	    FROM information_schema.processlist WHERE db = DATABASE()
	    AND user = \'parley_worker\'') }), 'it is gone');
	lapse($test);
	$worker = start();
	ok(wait_until(PATIENCE, sub { work($id, 'send', 'work_done') =~ /^1/ }),
	    'another worker brings it to its end');
	is(message($id), "sent\tNULL\t1\t1", 'said once, and sent');
	is(calls($user), $of{calls}, "the carrier was called $of{calls} times");
	is(accepted($user), 1, 'and has it once');
}

prepare();

subtest 'nobody is killed' => sub {
	my $id = ask(my $user = user());
	ok(wait_until(PATIENCE, sub { work($id, 'send', 'work_done') =~ /^1/ }),
	    'the answer has left');
	is(message($id), "sent\tNULL\t1\t1", 'said once, and sent');
	is(accepted($user), 1, 'the carrier has it once');
	is(work($id, 'send', 'work_done'), "1\t1", 'at the first try');
};

subtest 'killed before the turn is recorded' => sub {
	kill_at(lock => 'turn WRITE', left => "0\tNULL", calls => 1);
};

subtest 'killed while the carrier has not taken it' => sub {
	kill_at(hang => 'hang', left => "1\t1", calls => 2);
};

subtest 'killed while the carrier has taken it' => sub {
	kill_at(hang => 'hang-accepted', left => "1\t1", calls => 1);
};

subtest 'killed before what the carrier said is recorded' => sub {
	kill_at(hang => 'late', lock => 'receipt WRITE', left => "1\t1",
	    calls => 1);
};

# --- What does not leave.

subtest 'the user says STOP while the turn is taken' => sub {
	my $user = user();
	my $lock = hold($test, 'LOCK TABLES carrier WRITE');
	my $id = ask($user);
	ok(wait_until(PATIENCE, sub { waits_for_table($test) }),
	    'the turn is taken');
	$test->sql('INSERT INTO opt_out (account_id, channel, agent_key,'
	    . " user_key, created_at) SELECT account_id, channel, agent_key,"
	    . ' user_key, UTC_TIMESTAMP(6) FROM conversation WHERE id = '
	    . row($id));
	$lock->release('UNLOCK TABLES');
	ok(wait_until(PATIENCE, sub { work($id, 'send', 'work') =~ /^1/ &&
	    message($id) =~ /^failed/ }), 'its words are refused');
	is(message($id), "failed\tRECIPIENT_OPTED_OUT\t1\t1", 'for that');
	is(calls($user), 0, 'and the carrier is not called');
};

subtest 'an earlier message is on its way' => sub {
	my $user = user();
	my $id = $test->create(user_number => $user)->data->{conversation_id};
	my $due = 'UTC_TIMESTAMP(6) + INTERVAL 1 DAY';
	$test->sql('INSERT INTO work (id, account_id, subject_id, kind,'
	    . ' state, due, attempt, payload, created_at, updated_at)'
	    . " SELECT UNHEX(REPLACE(UUID(), '-', '')), account_id, id,"
	    . " 'send', 'waiting', $due, 0, CONCAT('{\"message_id\":\"',"
	    . " '$id', '\",\"seq\":1,\"starts_clock\":false}'), created_at,"
	    . ' updated_at FROM conversation WHERE id = ' . row($id));
	ask($user);
	ok(wait_until(PATIENCE, sub { message($id) =~ /1$/ &&
	    work($id, 'send', 'work') =~ /^2/ }), 'the turn is taken');
	is(message($id), "pending\tNULL\t1\t1", 'its words wait');
	is(calls($user), 0, 'and the carrier is not called');
	$test->sql("DELETE FROM work WHERE kind = 'send' AND due > UTC_TIMESTAMP(6)"
	    . ' + INTERVAL 1 HOUR');
	ok(wait_until(PATIENCE, sub { message($id) eq "sent\tNULL\t1\t1" }),
	    'until that has left');
	is(accepted($user), 1, 'the carrier has it once');
};

subtest 'it is night' => sub {
	my $user = user();
	my $hour = (gmtime)[2];
	$test->set(timezone => 'UTC', quiet_hours => sprintf '%02d:00-%02d:00',
	    $hour, ($hour + 2) % 24);
	my $id = ask($user);
	ok(wait_until(PATIENCE, sub { message($id) =~ /1$/ }),
	    'the turn is taken');
	is(message($id), "pending\tNULL\t1\t1", 'its words wait');
	is(calls($user), 0, 'and the carrier is not called');
};

ok(wait_until(PATIENCE, sub {
	$test->sql("SELECT COUNT(*) FROM work WHERE state = 'running'") == 0
}), 'nothing is left behind');
done_testing;
