#!/usr/bin/perl
# POST /v1/sms/conversations/{id}/messages: what a person says in a
# conversation, or a client in the agent's name.
use v5.30;
use utf8;
use warnings;

use JSON::PP ();
use Parley::Receiver;
use Parley::Test;

use constant PATIENCE => 30;

my $parley = Parley::Test->new(environment =>
    { PARLEY_NET_ALLOW => '127.0.0.0/8' });
my $all = '/v1/sms/conversations';
my ($true, $false) = (JSON::PP::true, JSON::PP::false);
my $uuid = qr/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
my $users = 0;

sub new_user { return sprintf '+1555610%04d', ++$users }
sub row { return "UNHEX(REPLACE('$_[0]', '-', ''))" }
sub talk {
	return $parley->create(user_number => new_user(), @_)->data
	    ->{conversation_id};
}
sub say_in {
	my ($id, %body) = @_;
	return $parley->post("$all/$id/messages", \%body);
}
sub settings {
	my $answer = $parley->post('/v1/sms/number/update',
	    { phone_number => $parley->number, @_ });
	die $answer->content if $answer->status != 200;
}

# --- What is answered, and what is there afterwards.

my $id = talk();
my $answer = say_in($id, message => ' Kim here… ');
is($answer->status, 202, 'a person says something');
my $data = $answer->data;
my ($message, $work) = delete @$data{qw(message_id workflow_id)};
like($_, $uuid, 'the answer names the message and its work')
    for $message, $work;
is_deeply($data, { status => 'processing', message =>
    'Message accepted for delivery', conversation_id => $id, sender => 'HUMAN',
    human_handoff_active => $false }, 'and how it goes on');
my $shown = $parley->conversation($id)->{messages}[1];
is_deeply([ @$shown{qw(id message sender status)} ], [ $message,
    ' Kim here… ', 'HUMAN', 'pending' ],
    'the message is there, word for word, and is to leave');
is($parley->get("/v1/workflows/$work")->data->{kind}, 'send',
    'by the work that is named');
$answer = say_in($id, message => 'x', sender => 'AGENT');
is($answer->data->{sender}, 'AGENT', 'a client can speak for the agent');
is($parley->conversation($id)->{messages}[2]{sender}, 'AGENT',
    'which is what is kept');
is(say_in($id, message => 'x', sender => 'HUMAN')->data->{sender}, 'HUMAN',
    'HUMAN can be said');
$parley->post("$all/$id/handoff");
$answer = say_in($id, message => 'A person now');
is($answer->status, 202, 'it works while a person has taken over');
is($answer->data->{human_handoff_active}, $true, 'which is said');

# --- Once under an Idempotency-Key, in each conversation.

my @key = ({ message => 'once' }, { 'Idempotency-Key' => 'k' });
my @twice = map { $parley->post("$all/$id/messages", @key) } 1, 2;
is($twice[1]->content, $twice[0]->content, 'a replayed key answers the same');
is(scalar(grep { $_->{message} eq 'once' } @{ $parley->conversation($id)
    ->{messages} }), 1, 'and says it once');
my $other = talk();
isnt($parley->post("$all/$other/messages", @key)->data->{message_id},
    $twice[0]->data->{message_id}, 'a key is of one conversation');

# --- What is refused.

my $before = $parley->state;
for ([ {}, 'MISSING_REQUIRED_FIELDS /message' ],
    (map { [ { message => $_ }, 'INVALID_PARAMETER /message' ] } undef, '',
	" \n\t", 5, [ 'x' ], 'x' x 1601, "a\0b"),
    (map { [ { message => 'x', sender => $_ }, 'INVALID_PARAMETER /sender' ] }
	undef, '', 'USER', 'human', 1)) {
	my ($body, $faults) = @$_;
	is(say_in($id, %$body)->faults, $faults,
	    substr(JSON::PP->new->encode($body), 0, 40) . ": $faults");
}
for my $odd ('nonsense', '0190b0a0-0000-7000-8000-000000000001') {
	$answer = say_in($odd, message => 'x');
	is($answer->status . $answer->faults, '404CONVERSATION_NOT_FOUND',
	    "$odd is none");
}
is($parley->state, $before, 'nothing comes of those');
is(say_in($id, message => 'x' x 1600)->status, 202, '1,600 characters fit');
$parley->post("$all/$other/end");
$answer = say_in($other, message => 'x');
is($answer->status, 409, 'nothing is said in what has ended');
is($answer->faults, 'CONVERSATION_HAS_ENDED', 'with a reason');
like($answer->errors->[0]{message}, qr{/v1/sms/send}, 'and what to do');
settings(max_segments => 1);
$answer = say_in($id, message => 'x' x 161);
is($answer->faults, 'INVALID_PARAMETER /message', 'nor more segments than the'
    . ' number allows');
like($answer->errors->[0]{message}, qr/at most 1 segments .* not 2/,
    'which are counted');
settings(max_segments => undef, daily_messages => 1);
$answer = say_in($id, message => 'x');
is($answer->status . $answer->faults, '429DAILY_LIMIT_REACHED',
    'nor more in a day');
settings(daily_messages => undef);
$parley->sql('INSERT INTO opt_out SELECT account_id, channel, agent_key,'
    . ' user_key, NOW(6) FROM conversation WHERE id = ' . row($id));
$answer = say_in($id, message => 'x');
is($answer->status . $answer->faults, '409RECIPIENT_OPTED_OUT',
    'nor to who opted out');
$parley->sql('DELETE FROM opt_out');

# --- It reaches the user, and the client is told.

my $receiver = Parley::Receiver->new;
settings(webhook => $receiver->url, time_out => 600);
$parley->start_worker;
sub told {
	my ($conversation, $text) = @_;
	return wait_until(PATIENCE, sub {
		my ($found) = grep { ($_->{conversation_id} // '') eq
		    $conversation && ($_->{message} // '') eq $text } map {
		    $_->{document} } $receiver->requests;
		$found
	});
}
sub delivered {
	my ($conversation, $text) = @_;
	return wait_until(PATIENCE, sub {
		grep { $_->{message} eq $text && ($_->{status} // '') eq
		    'delivered' } @{ $parley->conversation($conversation)
		    ->{messages} }
	});
}
sub clocks {
	return $parley->sql("SELECT COUNT(*) FROM work WHERE kind = 'silence'"
	    . " AND state = 'waiting' AND subject_id = " . row($_[0]));
}
$id = talk();
say_in($id, message => 'From Kim');
ok(delivered($id, 'From Kim'), 'what a person says is delivered');
is(told($id, 'From Kim')->{sender}, 'HUMAN', 'and told as such');
is(clocks($id), 0, 'no clock runs after a person');
say_in($id, message => 'From the agent', sender => 'AGENT');
ok(delivered($id, 'From the agent'), "what is the agent's as well");
is(told($id, 'From the agent')->{sender}, 'AGENT', 'and told as such');
is(clocks($id), 1, 'its clock runs');
$id = talk();
$parley->post("$all/$id/handoff");
say_in($id, message => 'In its name', sender => 'AGENT');
ok(delivered($id, 'In its name'), 'while a person has taken over');
is(clocks($id), 0, 'no clock runs, whoever speaks');

done_testing;
