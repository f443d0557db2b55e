#!/usr/bin/perl
# The clock of silence: when it runs, what happens when it strikes, and who
# is told of it.
use v5.30;
use warnings;

use JSON::PP ();
use Parley::Receiver;
use Parley::Test;

use constant {
	PATIENCE => 30,
	LATE_MOST => 20,	# seconds; it takes milliseconds on an idle machine
};

my $parley = Parley::Test->new(worker => 1, environment =>
    { PARLEY_NET_ALLOW => '127.0.0.0/8' });
my $receiver = Parley::Receiver->new;
my $users = 0;

sub new_user { return sprintf '+1555300%04d', ++$users }

# The number's settings, what is not given being unset.
sub settings {
	my (%given) = @_;
	my $answer = $parley->post('/v1/sms/number/update', {
	    phone_number => $parley->number, webhook => $receiver->url,
	    time_out => undef, timeout_message => undef, warning_time => undef,
	    warning_message => undef, timeout_action => undef, %given });
	die $answer->content if $answer->status != 200;
}

# A conversation whose last message is the agent's; its id and its clock.
sub spoken {
	my (%given) = @_;
	my $data = $parley->create(user_number => new_user(),
	    sender => 'AGENT', %given)->data;
	return @$data{qw(conversation_id workflow_id)};
}

sub row { return "UNHEX(REPLACE('$_[0]', '-', ''))" }

# Seconds from one moment of the store to another, by an expression.
sub seconds {
	my ($conversation, $expression) = @_;
	return $parley->sql("SELECT $expression FROM conversation c"
	    . ' WHERE c.id = ' . row($conversation)) / 1e6;
}

# The clock that waits, if one does: stage and seconds after the last message.
sub clock {
	my ($conversation) = @_;
	my ($row) = $parley->rows('SELECT JSON_VALUE(w.payload, "$.stage"),'
	    . ' TIMESTAMPDIFF(MICROSECOND, c.last_message_at, w.due) / 1e6'
	    . ' FROM conversation c JOIN work w ON w.id = c.silence_work_id'
	    . " WHERE w.state = 'waiting' AND c.id = " . row($conversation));
	return $row ? "$row->[0] " . (0 + $row->[1]) : 'none';
}

# Makes the clock strike now, by having it be due in the past.
sub strike {
	my ($clock) = @_;
	$parley->sql('UPDATE work SET due = UTC_TIMESTAMP(6) WHERE id = '
	    . row($clock) . " AND state = 'waiting'");
}

sub workflow { return $parley->get("/v1/workflows/$_[0]")->data }

# Waits until the work has ended, and shows it.
sub ended {
	my ($clock) = @_;
	return wait_until(PATIENCE, sub {
		my $work = workflow($clock);
		$work->{state} =~ /^d/ && $work
	}) // workflow($clock);
}

sub timed_out {
	my ($id) = @_;
	return wait_until(PATIENCE, sub {
		my $shown = $parley->conversation($id);
		!$shown->{is_active} && $shown
	}) // $parley->conversation($id);
}

sub texts { return join '|', map { $_->{message} } @{ $_[0]{messages} } }

# The statuses that were posted of this conversation.
sub told {
	my ($id) = @_;
	return grep { $_->{type} eq 'status' && $_->{conversation_id} eq $id }
	    map { $_->{document} } $receiver->requests;
}

# --- When it runs.

settings(time_out => 600);
my ($id, $clock) = spoken();
is(clock($id), 'timeout 600', 'the clock starts at the agent\'s message');
my $user = $parley->conversation($id)->{user_number};
is($parley->create(user_number => $user)->status, 200, 'the user speaks');
is(clock($id), 'none', 'and the clock stops');
is(workflow($clock)->{state}, 'done', 'its work is over');
$parley->create(user_number => $user, sender => 'AGENT');
is(clock($id), 'timeout 600', 'it starts again at the next message');
$parley->create(user_number => $user, sender => 'AGENT', time_out => 300);
is(clock($id), 'timeout 300', 'and anew at another, by its own time_out');
is($parley->sql("SELECT COUNT(*) FROM work WHERE kind = 'silence' AND"
    . " state = 'waiting' AND subject_id = " . row($id)), 1,
    'but there is one');
$parley->create(user_number => $user, sender => 'AGENT');
is(clock($id), 'timeout 300', 'the override stays with the conversation');
settings(time_out => 600, warning_time => 100);
$parley->create(user_number => $user, sender => 'AGENT');
is(clock($id), 'warning 100', 'a warning comes first');
settings();
($id) = spoken();
is(clock($id), 'none', 'without time_out and warning_time there is none');
is($parley->create(user_number => new_user())->status, 200,
    'a user who speaks first');
is($parley->sql("SELECT COUNT(*) FROM work WHERE kind = 'silence' AND"
    . " state = 'waiting'"), 1, 'is not watched');

# --- The end, in real time.

settings(time_out => 0.5);
($id, $clock) = spoken(message => 'Are you there?');
my $shown = timed_out($id);
is($shown->{status}, 'timeout', 'at time_out the conversation ends');
ok($shown->{timed_out_at}, 'and says when: timed_out_at');
ok($shown->{ended_at}, 'and ended_at');
my $late = seconds($id, 'TIMESTAMPDIFF(MICROSECOND, c.last_message_at,'
    . ' c.timed_out_at)') - 0.5;
cmp_ok($late, '>=', 0, 'not too early');
cmp_ok($late, '<', LATE_MOST, 'and not late');
is(texts($shown), 'Are you there?', 'without a timeout_message none is sent');
is_deeply([ @{ ended($clock) }{qw(state result)} ], [ 'done',
    { struck => 'timeout' } ], 'the work says what was done');

# --- Who is told.

ok(wait_until(PATIENCE, sub { told($id) }), 'the client is told');
my ($told) = told($id);
is_deeply([ @$told{qw(type status status_reason phone_number agent_number
    channel message_count summary citations dispositions variables metadata
    pathway_tags)} ], [ 'status', 'timeout', 'the user was silent',
    $shown->{user_number}, $parley->number, 'sms', 1, undef, undef, [], {}, {},
    [] ], 'by the status webhook');
like($told->{concatenated_transcript}, qr/Are you there\?/,
    'with the transcript');
is(told($id), 1, 'once');
is($parley->sql("SELECT COUNT(*) FROM work_done WHERE kind = 'close' AND"
    . ' subject_id = ' . row($id)), 1, 'after one piece of closing work');

# --- What is said at the end.

for my $case ([ undef, 'Bye', 'Hello|Bye' ], [ 'send_sms', 'Bye',
    'Hello|Bye' ], [ 'end', 'Bye', 'Hello' ], [ 'send_sms', undef, 'Hello' ],
    [ 'end', undef, 'Hello' ]) {
	my ($action, $message, $texts) = @$case;
	settings(time_out => 600, timeout_action => $action,
	    timeout_message => $message);
	my ($id, $clock) = spoken();
	strike($clock);
	my $shown = timed_out($id);
	my $name = 'timeout_action ' . ($action // 'null') . ', '
	    . ($message ? 'a message' : 'no message');
	is("$shown->{status} " . texts($shown), "timeout $texts", $name);
	ok(wait_until(PATIENCE, sub { told($id) }), "$name: it is told");
	is((told($id))[0]{message_count}, 1 + ($texts =~ tr/|//),
	    "$name: with all messages");
}

# --- The warning, and then the end.

settings(time_out => 600, warning_time => 200, warning_message => 'Still on?',
    timeout_message => 'Bye');
($id, $clock) = spoken();
my $wanted = $parley->sql('SELECT due + INTERVAL 400 SECOND FROM work'
    . ' WHERE id = ' . row($clock));
$parley->sql("UPDATE work SET due = due - INTERVAL 200 SECOND WHERE id = "
    . row($clock));
is(ended($clock)->{result}{struck}, 'warning', 'at warning_time it warns');
is(texts($parley->conversation($id)), 'Hello|Still on?',
    'by the warning_message');
my ($next) = $parley->rows('SELECT HEX(w.id), JSON_VALUE(w.payload, "$.stage"),'
    . " ABS(TIMESTAMPDIFF(MICROSECOND, w.due, '$wanted')) < 1000 FROM work w"
    . ' JOIN conversation c ON w.id = c.silence_work_id'
    . " WHERE w.state = 'waiting' AND c.id = " . row($id));
is_deeply([ @$next[1, 2] ], [ 'timeout', 1 ],
    'the end is counted from the agent\'s message, not from the warning');
$parley->sql("UPDATE work SET due = UTC_TIMESTAMP(6) WHERE id = 0x$next->[0]");
$shown = timed_out($id);
is("$shown->{status} " . texts($shown), 'timeout Hello|Still on?|Bye',
    'and comes when the user is still silent');

settings(warning_time => 200, warning_message => 'Still on?');
($id, $clock) = spoken();
strike($clock);
is(ended($clock)->{result}{struck}, 'warning', 'a warning without a time_out');
is(clock($id), 'none', 'is all that happens');
ok($parley->conversation($id)->{is_active}, 'and the conversation goes on');

settings(time_out => 600, warning_time => 200);
($id, $clock) = spoken();
strike($clock);
is(ended($clock)->{result}{struck}, 'warning', 'without a warning_message');
is(texts($parley->conversation($id)), 'Hello', 'nothing is said');
like(clock($id), qr/^timeout /, 'but the end still comes');

settings(time_out => 600, warning_time => 200, warning_message => 'Still on?');
($id, $clock) = spoken();
strike($clock);
ended($clock);
$user = $parley->conversation($id)->{user_number};
$parley->create(user_number => $user);
is(clock($id), 'none', 'an answer to the warning stops the clock');

# --- What holds when it strikes.

settings(time_out => 600, timeout_message => 'Bye');
($id, $clock) = spoken();
settings(time_out => 600, timeout_message => 'Farewell');
strike($clock);
is(texts(timed_out($id)), 'Hello|Farewell',
    'what is said is what is set when the clock strikes');
($id, $clock) = spoken(timeout_message => 'Our own');
strike($clock);
is(texts(timed_out($id)), 'Hello|Our own',
    'unless the conversation has words of its own');
settings(time_out => 600, warning_time => 200, warning_message => 'Still on?');
($id, $clock) = spoken();
settings(time_out => 300, warning_time => 200, warning_message => 'Still on?');
strike($clock);
ended($clock);
ok(wait_until(PATIENCE, sub { ($parley->conversation($id)->{messages}[1]{status}
    // '') eq 'delivered' }), 'a warning leaves');
is($parley->sql('SELECT JSON_VALUE(w.payload, "$.stage"), ABS(TIMESTAMPDIFF('
    . 'MICROSECOND, m.created_at, w.due) / 1e6 - 300) < 0.001 FROM work w'
    . ' JOIN conversation c ON c.silence_work_id = w.id JOIN message m'
    . ' ON m.conversation_id = c.id AND m.seq = 1 WHERE c.id = ' . row($id)),
    "timeout\t1", 'which starts no clock anew, and the end is as set by then');

# --- Late clocks.

settings(time_out => 600);
for my $case ([ 'the user has spoken', sub {
	my ($id) = @_;
	$parley->create(user_number =>
	    $parley->conversation($id)->{user_number});
    }, 1 ], [ 'the agent has spoken again', sub {
	my ($id) = @_;
	$parley->create(sender => 'AGENT', user_number =>
	    $parley->conversation($id)->{user_number});
    }, 1 ], [ 'it was archived', sub {
	$parley->patch("/v1/sms/conversations/$_[0]",
	    { is_active => JSON::PP::false });
    }, 0 ], [ 'it was deleted', sub {
	$parley->delete("/v1/sms/conversations/$_[0]");
    }, undef ]) {
	my ($what, $do, $active) = @$case;
	my ($id, $clock) = spoken();
	# A piece that was claimed before: nobody can stop it any more.
	$parley->sql("UPDATE work SET state = 'running', attempt = 1, due ="
	    . ' UTC_TIMESTAMP(6) + INTERVAL 1 HOUR WHERE id = ' . row($clock));
	$do->($id);
	$parley->sql("UPDATE work SET state = 'waiting', due ="
	    . ' UTC_TIMESTAMP(6) WHERE id = ' . row($clock));
	my $left = wait_until(PATIENCE, sub {
		$parley->sql('SELECT COUNT(*) FROM work WHERE id = '
		    . row($clock)) eq '0'
	});
	ok($left, "a clock that strikes when $what is done with");
	my $result = $parley->sql('SELECT JSON_VALUE(result, "$.stopped") FROM'
	    . ' work_done WHERE id = ' . row($clock));
	is($result, 'the conversation moved on', 'and does nothing')
	    if defined $active || $result ne '';
	my $row = $parley->sql('SELECT status FROM conversation WHERE id = '
	    . row($id));
	is($row, !defined $active ? '' : $active ? 'open' : 'inactive',
	    'as the conversation shows') unless defined $active && !$active;
	isnt($row, 'timeout', 'it is no timeout');
}

# --- What fell due while nobody was there.

$parley->worker->stop;
my @left = map { [ spoken(time_out => 0.1) ] } 1 .. 10;
wait_until(PATIENCE, sub {
	$parley->sql("SELECT COUNT(*) FROM work WHERE kind = 'silence' AND"
	    . " state = 'waiting' AND due < UTC_TIMESTAMP(6)") eq '10'
});
is(scalar(grep { $parley->conversation($_->[0])->{is_active} } @left), 10,
    'while no worker runs nothing ends');
my $start = $parley->sql('SELECT UTC_TIMESTAMP(6)');
$parley->worker->again;
is(scalar(grep { timed_out($_->[0])->{status} eq 'timeout' } @left), 10,
    'what fell due meanwhile ends when one is started');
my $slowest = $parley->sql('SELECT MAX(TIMESTAMPDIFF(MICROSECOND,'
    . " '$start', timed_out_at)) / 1e6 FROM conversation");
cmp_ok($slowest, '<', LATE_MOST, 'at once');

done_testing;
