#!/usr/bin/perl
# The agent's turn: a text is answered once, on all that was said, and one
# that cannot be answered now is answered later.
use v5.30;
use utf8;
use warnings;

use JSON::PP ();
use Parley::Model;
use Parley::Receiver;
use Parley::Test;

use constant {
	PATIENCE => 40,
	SLOW => 5,	# seconds: a text arrives in less
};

my $model = Parley::Model->new;
my $parley = Parley::Test->new(worker => 1, environment => {
    $model->environment, PARLEY_NET_ALLOW => '127.0.0.0/8' });
my ($true, $false) = (JSON::PP::true, JSON::PP::false);
my $users = 0;

sub user { return sprintf '+1555600%04d', ++$users }

sub says {
	my ($id, @wanted) = @_;
	my $name = pop @wanted;
	wait_until(PATIENCE, sub { $parley->said($id) >= @wanted });
	return is_deeply([ $parley->said($id) ], \@wanted, $name);
}

sub turns {
	my ($id) = @_;
	return map { $_->[0] } $parley->rows('SELECT outcome FROM turn WHERE'
	    . " conversation_id = UNHEX(REPLACE('$id', '-', '')) ORDER BY id");
}

sub has_turns {
	my ($id, $name, @wanted) = @_;
	wait_until(PATIENCE, sub { turns($id) >= @wanted });
	return is_deeply([ turns($id) ], \@wanted, $name);
}

# Has the turns that wait come now.
sub hurry {
	$parley->sql("UPDATE work SET due = UTC_TIMESTAMP(6) WHERE kind ="
	    . " 'turn' AND state = 'waiting'");
}

$parley->set(objective => 'Book a table. The day is {{day}}.',
    request_data => { day => 'Tuesday' }, temperature => 0.3);

subtest 'a text is answered' => sub {
	$model->answer('For how many?');
	my $user = user();
	my $id = $parley->text($user, 'A table please');
	says($id, 'USER: A table please', 'AGENT: For how many?', 'once');
	ok(wait_until(PATIENCE, sub { $parley->conversation($id)
	    ->{messages}[1]{status} eq 'delivered' }), 'and it arrives');
	my $asked = $model->requests->[-1];
	is($asked->{temperature}, 0.3, 'by the temperature of the number');
	my $system = $asked->{messages}[0];
	is($system->{role}, 'system', 'the model is told first');
	like($system->{content}, qr/Book a table\. The day is Tuesday\./,
	    'what it is to do, with the variables');
	is_deeply($asked->{messages}[-1], { role => 'user',
	    content => 'A table please' }, 'and last what the user said');
	has_turns($id, 'and the turn is kept', 'done');
};

subtest 'a burst is answered once, in order' => sub {
	# Longer than five texts can take; what is left of it passes at once.
	$parley->set(debounce => 20, debounce_max => 60);
	my $before = @{ $model->requests };
	$model->answer('Got it all');
	my $user = user();
	$parley->text($user, $_) for 1 .. 4;
	my $since = $parley->sql('SELECT UTC_TIMESTAMP(6)');
	my $id = $parley->text($user, 5);
	is($parley->sql("SELECT due >= '$since' + INTERVAL 20 SECOND FROM work"
	    . " WHERE kind = 'turn' AND subject_id = UNHEX(REPLACE('$id', '-',"
	    . " ''))"), 1, 'in time');
	hurry();
	says($id, (map { "USER: $_" } 1 .. 5), 'AGENT: Got it all',
	    'after the last text');
	is(@{ $model->requests } - $before, 1, 'by one question');
	$parley->set();
};

subtest 'a user who writes on while the model thinks' => sub {
	my $user = user();
	$model->slow(SLOW, 'Stale');
	$model->answer('Fresh');
	my $before = @{ $model->requests };
	my $id = $parley->text($user, 'One');
	ok(wait_until(PATIENCE, sub { @{ $model->requests } > $before }),
	    'it thinks');
	$parley->text($user, 'Two');
	says($id, 'USER: One', 'USER: Two', 'AGENT: Fresh',
	    'is answered on all that they said');
	has_turns($id, 'the other answer is thrown away', 'discarded', 'done');
};

subtest 'a user who never stops' => sub {
	my $user = user();
	my $id;
	for my $n (1 .. 4) {
		$model->slow(SLOW, "Answer $n");
		my $before = @{ $model->requests };
		$id = $parley->text($user, "Text $n") if $n == 1;
		wait_until(PATIENCE, sub { @{ $model->requests } > $before });
		$parley->text($user, 'Text ' . ($n + 1));
	}
	$model->answer('At last');
	ok(wait_until(PATIENCE, sub {
		grep { $_ eq 'AGENT: Answer 4' } $parley->said($id)
	}), 'is answered after three answers were thrown away');
	ok(wait_until(PATIENCE, sub { ($parley->said($id))[-1] eq 'AGENT: At last' }),
	    'and what came meanwhile is answered then');
	has_turns($id, 'four turns and one', ('discarded') x 3, ('done') x 2);
};

subtest 'a model that fails' => sub {
	$model->fail(503);
	$model->fail(429, retry_after => 1);
	$model->answer('Here I am');
	my $id = $parley->text(user(), 'Hello?');
	hurry() while !wait_until(1.5, sub { $parley->said($id) > 1 })
	    && @{ $model->requests } < 100;
	says($id, 'USER: Hello?', 'AGENT: Here I am', 'is asked again');
	has_turns($id, 'and what failed is kept', 'failed', 'failed', 'done');
};

subtest 'the end' => sub {
	$model->answer({ tool_calls => [ { name => 'end_conversation',
	    arguments => { reason => 'booked', farewell => 'Goodbye!' } } ] });
	my $id = $parley->text(user(), 'That is all');
	says($id, 'USER: That is all', 'AGENT: Goodbye!', 'is said');
	ok(wait_until(PATIENCE, sub { !$parley->conversation($id)
	    ->{is_active} }), 'the conversation has ended');
	is($parley->conversation($id)->{status}, 'ended', 'as ended');
};

subtest 'a person is asked for' => sub {
	my $user = user();
	$model->answer({ tool_calls => [ { name => 'hand_off_to_human',
	    arguments => { reason => 'wants a discount' } } ] });
	my $id = $parley->text($user, 'Cheaper?');
	ok(wait_until(PATIENCE, sub { $parley->conversation($id)
	    ->{human_handoff_at} }), 'the agent hands over');
	is($parley->conversation($id)->{human_handoff_reason},
	    'wants a discount', 'and says why');
	my $before = @{ $model->requests };
	is($parley->text($user, 'Anybody?'), $id, 'what comes then is stored');
	is($parley->sql("SELECT COUNT(*) FROM work WHERE kind = 'turn' AND"
	    . " subject_id = UNHEX(REPLACE('$id', '-', ''))"), 0,
	    'and the agent is silent');
	is(@{ $model->requests }, $before, 'the model is not asked');
};

subtest 'who is not answered' => sub {
	$parley->set(ignore_keywords => [ 'thanks' ]);
	my $before = @{ $model->requests };
	my $id = $parley->text(user(), 'Ok, thanks!');
	is($parley->sql('SELECT COUNT(*) FROM work WHERE subject_id ='
	    . " UNHEX(REPLACE('$id', '-', ''))"), 0,
	    'a text with an ignored word');
	$parley->set(ignore_keywords => undef, human_mode => $true);
	$id = $parley->text(user(), 'Hello');
	is($parley->sql('SELECT COUNT(*) FROM work WHERE subject_id ='
	    . " UNHEX(REPLACE('$id', '-', ''))"), 0,
	    'a text to a number on which people answer');
	$parley->set(human_mode => $false);
	is(@{ $model->requests }, $before, 'the model is not asked');
};

subtest 'two agents' => sub {
	$parley->set(loop_guard => 3);
	my $user = user();
	my $id;
	for my $n (1 .. 3) {
		$model->answer("Reply $n");
		$id = $parley->text($user, "Text $n");
		ok(wait_until(PATIENCE, sub { $parley->said($id) == 2 * $n }),
		    "text $n is answered");
	}
	$parley->text($user, 'Text 4');
	my $shown = $parley->conversation($id);
	ok($shown->{human_handoff_at}, 'stop after so many messages');
	like($shown->{human_handoff_reason}, qr/^the agent sent 3 messages/,
	    'and a person is told why');
	$parley->set(loop_guard => 20);
};

subtest 'the client is told of every message' => sub {
	my $receiver = Parley::Receiver->new;
	$parley->set(webhook => $receiver->url);
	$model->answer('Hi Ada');
	my $id = $parley->text(user(), 'I am Ada');
	ok(wait_until(PATIENCE, sub { $receiver->requests == 2 }), 'twice');
	my %told = map { $_->{document}{sender} => $_->{document} }
	    $receiver->requests;
	is($told{USER}{message}, 'I am Ada', "the user's");
	is_deeply($told{USER}{chat_history}, [ { role => 'user',
	    content => 'I am Ada' } ], 'with what was said by then');
	is($told{AGENT}{message}, 'Hi Ada', "the agent's");
	is($told{AGENT}{message_status}, 'delivered',
	    'when it is known what became of it');
	is($told{$_}{type}, 'message', "as a message: $_") for sort keys %told;
	$parley->set(webhook => undef);
};

subtest 'without a model' => sub {
	my $worker = $parley->worker;
	$worker->stop;
	my $other = $parley->start_worker(PARLEY_LLM_URL => undef);
	my $id = $parley->text(user(), 'Is there anybody?');
	ok(wait_until(PATIENCE, sub { $parley->sql('SELECT reason FROM work'
	    . " WHERE kind = 'turn' AND subject_id ="
	    . " UNHEX(REPLACE('$id', '-', ''))") =~ /^LLM_NOT_CONFIGURED/ }),
	    'the workflow says why there is no answer');
	is_deeply([ $parley->said($id) ], [ 'USER: Is there anybody?' ],
	    'the message is kept');
	$other->stop;
	$model->answer('Yes');
	$worker->again;
	hurry();
	says($id, 'USER: Is there anybody?', 'AGENT: Yes',
	    'and answered once there is a model');
};

done_testing;
