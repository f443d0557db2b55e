#!/usr/bin/perl
# Many clients at once that let something be said to one user: one
# conversation, one turn of the agent, and no more than the day allows.
use v5.30;
use warnings;

use JSON::PP ();
use Parley::Fault qw(crowd);
use Parley::Test;

use constant { CLIENTS => 32, DAILY => 5 };

my $test = Parley::Test->new(children => 16,
    environment => { PARLEY_API_RATE => 0 });
my $users = 0;

sub new_user { return sprintf '+1555640%04d', ++$users }

# Every client asks the same: their statuses and conversations, each with
# how often it came.
sub asked {
	my ($path, %body) = @_;
	my %count;
	for my $answer (crowd(CLIENTS, sub {
		my $answer = $test->post($path, \%body);
		return { status => $answer->status, conversation =>
		    ($answer->data // {})->{conversation_id} };
	})) {
		$count{$answer->{status}}++;
		$count{$answer->{conversation}}++ if $answer->{conversation};
	}
	return \%count;
}

# How much there is of the user in a table, joined by this condition.
sub count_of {
	my ($user, $rest) = @_;
	return $test->sql("SELECT COUNT(*) FROM conversation c $rest"
	    . " c.user_key = '$user'");
}

my $user = new_user();
my %talk = (user_number => $user, agent_number => $test->number);
my $count = asked('/v1/sms/send', %talk);
my ($id) = grep { length > 3 } keys %$count;
is_deeply($count, { 200 => CLIENTS, $id => CLIENTS },
    'all who ask the agent to speak are answered, with one conversation');
is(count_of($user, 'WHERE'), 1, 'which is the only one');
is(count_of($user, "JOIN work w ON w.subject_id = c.id WHERE w.kind = 'turn'"
    . ' AND'), 1, 'in which the agent takes one turn');
is($test->get('/v1/sms/numbers')->data->[0]{conversation_count}, 1,
    'and the number has counted it once');

$test->post('/v1/sms/number/update', { phone_number => $test->number,
    daily_messages => DAILY });
for my $anew (JSON::PP::false, JSON::PP::true) {
	$user = new_user();
	%talk = (user_number => $user, agent_number => $test->number,
	    agent_message => 'Hello', new_conversation => $anew);
	$count = asked('/v1/sms/send', %talk);
	is_deeply([ @$count{200, 429} ], [ DAILY, CLIENTS - DAILY ],
	    'as many are taken as a day allows' . ($anew ?
	    ', each in a conversation of its own' : ''));
	is(count_of($user, 'JOIN message m ON m.conversation_id = c.id WHERE'),
	    DAILY, 'which is what is there');
	is(count_of($user, 'WHERE is_open = 1 AND'), 1,
	    'with one conversation open');
}

# --- A person takes over while others let the agent speak.

$test->post('/v1/sms/number/update', { phone_number => $test->number,
    daily_messages => undef });
$user = new_user();
$id = $test->create(user_number => $user)->data->{conversation_id};
my %statuses;
$statuses{$_}++ for crowd(CLIENTS, sub {
	my ($i) = @_;
	return $test->post("/v1/sms/conversations/$id/handoff", {})->status
	    if $i % 2;
	return $test->post('/v1/sms/send', { user_number => $user,
	    agent_number => $test->number })->status;
});
is(($statuses{200} // 0) + ($statuses{409} // 0), CLIENTS,
    'each is taken, or told that a person has it');
is(count_of($user, "JOIN work w ON w.subject_id = c.id WHERE w.kind = 'turn'"
    . " AND w.state = 'waiting' AND"), 0, 'then no turn waits');

done_testing;
