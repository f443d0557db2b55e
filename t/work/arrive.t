#!/usr/bin/perl
# Texts that arrive: what they open, join and end, and the words of command.
use v5.30;
use utf8;
use warnings;

use JSON::PP ();
use Parley::Model;
use Parley::Test;

use constant {
	PATIENCE => 30,
	STOPPED => 'You are unsubscribed and will get no more messages from'
	    . ' this number. Reply START to subscribe again.',
	STARTED => 'You are subscribed again. Reply HELP for help, STOP to'
	    . ' unsubscribe.',
};

my $model = Parley::Model->new;
$model->always('Answer');
my $parley = Parley::Test->new(worker => 1,
    environment => { $model->environment });
my ($true, $false) = (JSON::PP::true, JSON::PP::false);
my $users = 0;

sub user { return sprintf '+1555700%04d', ++$users }

sub texts {
	my ($id) = @_;
	return join '|', map { $_->{message} }
	    @{ $parley->conversation($id)->{messages} };
}

sub becomes {
	my ($id, $wanted, $name) = @_;
	wait_until(PATIENCE, sub { texts($id) eq $wanted });
	return is(texts($id), $wanted, $name);
}

sub end {
	my ($id) = @_;
	return $parley->post("/v1/sms/conversations/$id/end", {})->status;
}

$parley->set();

subtest 'what a text opens and joins' => sub {
	my $user = user();
	my $id = $parley->text($user, 'One');
	becomes($id, 'One|Answer', 'the first opens a conversation');
	is($parley->text($user, 'Two'), $id, 'the next joins it');
	becomes($id, 'One|Answer|Two|Answer', 'and is answered there');
	is(end($id), 200, 'a client ends it');
	my $next = $parley->text($user, 'Three');
	isnt($next, $id, 'then the next opens another');
	becomes($next, 'Three|Answer', 'with nothing of the first');
};

subtest 'restart_after_end_call' => sub {
	for my $case ([ $true, 'opens another' ], [ $false, 'is kept there' ]) {
		my ($restarts, $what) = @$case;
		$parley->set(restart_after_end_call => $restarts);
		my $user = user();
		my $id = $parley->text($user, 'One');
		becomes($id, 'One|Answer', 'one is answered');
		$model->answer({ tool_calls => [ { name => 'end_conversation',
		    arguments => { reason => 'done' } } ] });
		$parley->text($user, 'Bye');
		ok(wait_until(PATIENCE, sub { !$parley->conversation($id)
		    ->{is_active} }), 'the agent ends it');
		my $next = $parley->text($user, 'More');
		is($next eq $id ? 'is kept there' : 'opens another', $what,
		    "a text after it $what");
		if ($restarts) {
			becomes($next, 'More|Answer', 'and is answered');
		} else {
			is(texts($id), 'One|Answer|Bye|More',
			    'without an answer');
			ok(!$parley->conversation($id)->{is_active},
			    'it has ended as before');
		}
		is(end($next), 200, 'a client ends it');
		isnt($parley->text($user, 'New'), $next, 'then a text opens another,'
		    . ' whatever the number says') if $restarts;
	}
	$parley->set(restart_after_end_call => $true);
};

subtest 'STOP and START' => sub {
	my $user = user();
	my $id = $parley->text($user, 'One');
	becomes($id, 'One|Answer', 'a conversation');
	is($parley->text($user, ' stop '), $id, 'STOP joins it');
	becomes($id, 'One|Answer| stop |' . STOPPED,
	    'and is confirmed once');
	my $shown = $parley->conversation($id);
	is($shown->{status}, 'blacklisted', 'it ends as blacklisted');
	ok(wait_until(PATIENCE, sub { $parley->conversation($id)
	    ->{messages}[3]{status} eq 'delivered' }),
	    'the confirmation leaves');
	my $before = @{ $model->requests };
	is($parley->text($user, $_), $id, "what comes then is kept: $_")
	    for 'Hello?', 'STOP', 'HELP';
	is($parley->conversation($id)->{message_count}, 7,
	    'without any answer');
	is(@{ $model->requests }, $before, 'the model is not asked');
	is($parley->text($user, 'yes'), $id, 'YES subscribes again');
	becomes($id, 'One|Answer| stop |' . STOPPED . '|Hello?|STOP|HELP|yes|'
	    . STARTED, 'which is confirmed');
	my $next = $parley->text($user, 'Two');
	isnt($next, $id, 'the next text opens a conversation');
	becomes($next, 'Two|Answer', 'that is answered');
	$parley->text($user, 'Yes');
	becomes($next, 'Two|Answer|Yes|Answer',
	    'YES of who is subscribed is an answer like any other');
};

subtest 'HELP' => sub {
	my $user = user();
	my $id = $parley->text($user, 'One');
	becomes($id, 'One|Answer', 'a conversation');
	$parley->text($user, 'help');
	becomes($id, 'One|Answer|help|You are talking with an automated agent.'
	    . ' Reply STOP to unsubscribe.', 'is answered at once');
	$parley->set(help_message => 'Call 123');
	$parley->text($user, 'INFO');
	like(texts($id), qr/\|INFO\|Call 123$/,
	    'by the words of the number, where it has some');
	$parley->set(help_message => undef);
};

subtest 'quiet hours' => sub {
	my @now = gmtime;
	$parley->set(timezone => 'UTC', quiet_hours => sprintf '%02d:00-%02d:00',
	    $now[2], ($now[2] + 2) % 24);
	my $user = user();
	my $id = $parley->text($user, 'Are you there?');
	becomes($id, 'Are you there?|Answer', 'who writes is answered');
	ok(wait_until(PATIENCE, sub { $parley->conversation($id)
	    ->{messages}[1]{status} eq 'delivered' }), 'at any hour');
	$parley->sql('UPDATE conversation SET user_at = user_at -'
	    . ' INTERVAL 2 HOUR WHERE id ='
	    . " UNHEX(REPLACE('$id', '-', ''))");
	$parley->sql('UPDATE number_config SET time_out = 0.1,'
	    . " timeout_message = 'Bye', timeout_action = 'send_sms'");
	my $made = $parley->create(user_number => user(), sender => 'AGENT')
	    ->data->{conversation_id};
	ok(wait_until(PATIENCE, sub { texts($made) =~ /Bye/ }),
	    'what nobody asked for is said');
	ok(wait_until(PATIENCE, sub { $parley->sql('SELECT COUNT(*) FROM work'
	    . " WHERE kind = 'send' AND state = 'waiting' AND attempt = 0"
	    . ' AND due > UTC_TIMESTAMP(6) + INTERVAL 10 MINUTE') == 1 }),
	    'and held until the quiet ends');
	is($parley->conversation($made)->{messages}[-1]{status}, 'pending',
	    'it has not left');
	$parley->sql('UPDATE number_config SET quiet_hours = NULL');
	$parley->sql("UPDATE work SET due = UTC_TIMESTAMP(6) WHERE kind ="
	    . " 'send'");
	ok(wait_until(PATIENCE, sub { $parley->conversation($made)
	    ->{messages}[-1]{status} eq 'delivered' }), 'then it leaves');
	$parley->set(time_out => undef, timeout_message => undef,
	    timeout_action => undef);
};

subtest 'quiet hours by the clocks of the user' => sub {
	my $ahead = 7;	# hours that their clocks are ahead of the number's
	my @now = gmtime;
	$parley->set(timezone => 'UTC', quiet_hours => sprintf '%02d:00-%02d:00',
	    map { ($now[2] + $ahead + $_) % 24 } 0, 2);
	my %sent = map { $_ => $parley->post('/v1/sms/send', { user_number =>
	    user(), agent_number => $parley->number, agent_message => 'News',
	    request_data => { timezone => $_ } })->data } 'UTC', 'Etc/GMT-7';
	ok(wait_until(PATIENCE, sub { $parley->conversation(
	    $sent{UTC}{conversation_id})->{messages}[0]{status} eq
	    'delivered' }), 'where it is day, a message leaves');
	ok(wait_until(PATIENCE, sub { $parley->sql('SELECT COUNT(*) FROM work'
	    . " WHERE kind = 'send' AND state = 'waiting' AND due >"
	    . ' UTC_TIMESTAMP(6) + INTERVAL 10 MINUTE AND id = UNHEX('
	    . "REPLACE('$sent{'Etc/GMT-7'}{workflow_id}', '-', ''))") }),
	    'where it is night, it is held');
	$parley->set(quiet_hours => undef);
};

subtest 'a pace' => sub {
	$parley->set(sends_per_second => 2);
	my @ids = map { $parley->text(user(), 'Hello') } 1 .. 5;
	my $where = join ', ', map { "UNHEX(REPLACE('$_', '-', ''))" } @ids;
	ok(wait_until(PATIENCE, sub { $parley->sql('SELECT COUNT(*) FROM'
	    . " message WHERE status = 'delivered' AND conversation_id IN"
	    . " ($where)") == 5 }), 'all are answered');
	# From when the first could leave at the earliest.
	my $took = $parley->sql('SELECT TIMESTAMPDIFF(MICROSECOND,'
	    . ' MIN(m.created_at), MAX(l.created_at)) FROM message m LEFT JOIN'
	    . ' loopback_message l ON l.message_id = m.id WHERE m.sender ='
	    . " 'AGENT' AND m.conversation_id IN ($where)");
	cmp_ok($took, '>=', 2_000_000, 'but no faster than the number may');
	$parley->set(sends_per_second => undef);
};

subtest 'replies leave before what nobody waits for' => sub {
	$parley->set(sends_per_second => 2);
	# They come to the worker all at once.
	$parley->worker->stop;
	my @bulk = map { $parley->post('/v1/sms/send', { user_number => user(),
	    agent_number => $parley->number, agent_message => "Bulk $_" })
	    ->data->{message_id} } 1 .. 12;
	my $id = $parley->text(user(), 'Are you there?');
	$parley->worker->again;
	my $ids = join ', ', map { "UNHEX(REPLACE('$_', '-', ''))" } @bulk;
	ok(wait_until(PATIENCE, sub { $parley->sql('SELECT COUNT(*) FROM'
	    . " message WHERE status = 'delivered' AND (id IN ($ids) OR"
	    . " sender = 'AGENT' AND conversation_id ="
	    . " UNHEX(REPLACE('$id', '-', '')))") == 13 }), 'all leave');
	my $after = $parley->sql('SELECT COUNT(*) FROM loopback_message b JOIN'
	    . ' loopback_message r ON b.created_at > r.created_at JOIN message'
	    . " m ON m.id = r.message_id WHERE b.message_id IN ($ids) AND"
	    . " m.conversation_id = UNHEX(REPLACE('$id', '-', ''))");
	cmp_ok($after, '>=', 4, 'and the answer is not the last');
	$parley->set(sends_per_second => undef);
};

subtest 'enough for a day' => sub {
	$parley->set(daily_messages => 1);
	my $user = user();
	my $id = $parley->text($user, 'One');
	becomes($id, 'One|Answer', 'the first is answered');
	my $before = @{ $model->requests };
	$parley->text($user, 'Two');
	ok(wait_until(PATIENCE, sub { $parley->sql('SELECT COUNT(*) FROM'
	    . " work_done WHERE kind = 'turn' AND result LIKE"
	    . " '%daily_messages%' AND subject_id ="
	    . " UNHEX(REPLACE('$id', '-', ''))") }),
	    'the next is not, and the workflow says why');
	is(texts($id), 'One|Answer|Two', 'it is kept');
	is(@{ $model->requests }, $before, 'the model is not asked');
	$parley->set(daily_messages => undef);
	$parley->text($user, 'Three');
	becomes($id, 'One|Answer|Two|Three|Answer', 'when there is no limit'
	    . ' any more, it answers');
};

done_testing;
