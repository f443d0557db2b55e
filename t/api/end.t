#!/usr/bin/perl
# POST /v1/sms/conversations/{id}/end: a conversation ends at its client's
# wish, once, and its work tells of it.
use v5.30;
use utf8;
use warnings;

use JSON::PP ();
use Parley::Test;

my $parley = Parley::Test->new;
my $all = '/v1/sms/conversations';
my ($true, $false) = (JSON::PP::true, JSON::PP::false);
my $uuid = qr/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
my $users = 0;
sub new_user { return sprintf '+1555310%04d', ++$users }

# The payloads of what follows the ends of a conversation.
sub closes {
	my ($id) = @_;
	return map { $_->[0] } $parley->rows("SELECT payload FROM work WHERE"
	    . " kind = 'close' AND subject_id ="
	    . " UNHEX(REPLACE('$id', '-', ''))");
}

# --- It ends.

my $user = new_user();
my $made = $parley->create(user_number => $user, sender => 'AGENT',
    time_out => 600)->data;
my $id = $made->{conversation_id};
my $answer = $parley->post("$all/$id/end");
is($answer->status, 200, 'a conversation is ended, without a body');
my $data = $answer->data;
my $work = delete $data->{workflow_id};
like($work, $uuid, 'the answer names the work that follows');
ok(delete $data->{conversation}{updated_at}, 'and when that was');
is_deeply($data, { message => 'Conversation ended successfully',
    was_active => $true, was_handed_off => $false,
    conversation => { id => $id, is_active => $false, status => 'ended',
    current_node_id => undef, human_handoff_at => undef,
    human_handoff_reason => undef, human_handoff_metadata => undef } },
    'and how it stands now');
my $shown = $parley->conversation($id);
is_deeply([ @$shown{qw(is_active status)} ], [ $false, 'ended' ],
    'it has ended');
ok($shown->{ended_at}, 'at some time');
is($shown->{timed_out_at}, undef, 'but not by a timeout');
is(@{ $shown->{messages} }, 1, 'nothing was said to the user');
is($parley->get("/v1/workflows/$made->{workflow_id}")->data->{state}, 'done',
    'its clock is stopped');
is_deeply([ closes($id) ], [ '{"reason":"Conversation ended via API"}' ],
    'what is told of it has a reason');
$shown = $parley->get("/v1/workflows/$work")->data;
is_deeply([ @$shown{qw(kind state conversation_id)} ],
    [ 'close', 'waiting', $id ], 'the work can be asked for');

# --- Once.

my $before = $parley->state;
$answer = $parley->post("$all/$id/end", { reason => 'again' });
is($answer->status, 200, 'to end it again is no fault');
$data = $answer->data;
is_deeply([ @$data{qw(message was_active was_handed_off workflow_id)} ],
    [ 'Conversation had ended already', $false, $false, undef ],
    'it says that it was not active, and names no work');
is($data->{conversation}{status}, 'ended', 'and how it stands');
is($parley->state, $before, 'and nothing comes of it');

# --- What comes then.

$data = $parley->create(user_number => $user)->data;
isnt($data->{conversation_id}, $id, 'the next text opens a new one');
is($parley->conversation($data->{conversation_id})->{message_count}, 1,
    'with its own messages');
is($parley->conversation($id)->{message_count}, 1, 'not in the old one');
is($parley->patch("$all/$id", { is_active => $true })->faults,
    'CONVERSATION_ALREADY_ACTIVE /is_active', 'which stays as it is');

# --- Reasons.

for ([ { reason => 'Sold "out" – später 🦜', actor => 'kim@example.test' },
	'Sold "out" – später 🦜' ], [ { reason => 'x' x 500 }, 'x' x 500 ],
    [ { reason => undef, actor => undef }, 'Conversation ended via API' ],
    [ {}, 'Conversation ended via API' ]) {
	my ($body, $reason) = @$_;
	$id = $parley->create(user_number => new_user())->data
	    ->{conversation_id};
	is($parley->post("$all/$id/end", $body)->status, 200,
	    'ended for: ' . substr $reason, 0, 30);
	is(JSON::PP->new->utf8->decode((closes($id))[0])->{reason}, $reason,
	    'which is what is told');
}
$id = $parley->create(user_number => new_user())->data->{conversation_id};
$before = $parley->state;
for ([ { reason => 'x' x 501 }, '/reason' ], [ { reason => 5 }, '/reason' ],
    [ { reason => '' }, '/reason' ], [ { reason => " \n" }, '/reason' ],
    [ { reason => [ 'x' ] }, '/reason' ], [ { actor => 5 }, '/actor' ],
    [ { actor => 'x' x 256 }, '/actor' ], [ { actor => '' }, '/actor' ]) {
	my ($body, $field) = @$_;
	$answer = $parley->post("$all/$id/end", $body);
	is($answer->faults, "INVALID_PARAMETER $field", 'refused: '
	    . substr JSON::PP->new->encode($body), 0, 30);
}
is($parley->post("$all/$id/end", '[]')->status, 400, 'a list is no body');
is($parley->state, $before, 'nothing comes of those');
is($parley->post("$all/$id/end", { reasons => 'x' })->json->{warnings}[0]
    {field}, '/reasons', 'an unknown field is warned of');

# --- Who may.

$id = $parley->create(user_number => new_user())->data->{conversation_id};
$before = $parley->state;
for my $scope (qw(conversations:read conversations:read_sensitive
    phone_numbers:manage)) {
	is($parley->with_scopes($scope)->post("$all/$id/end")->status, 403,
	    "$scope is not enough");
}
is($parley->another_account->post("$all/$id/end")->faults,
    'CONVERSATION_NOT_FOUND', 'for another account it is not there');
for my $odd ('nonsense', '0190b0a0-0000-7000-8000-000000000001') {
	$answer = $parley->post("$all/$odd/end");
	is($answer->status . $answer->faults, '404CONVERSATION_NOT_FOUND',
	    "$odd is none");
}
is($parley->conversation($id)->{status}, 'open', 'it goes on after those');
is($parley->with_scopes('conversations:manage')->post("$all/$id/end")
    ->status, 200, 'conversations:manage is');

# --- Under an Idempotency-Key.

$id = $parley->create(user_number => new_user())->data->{conversation_id};
my @twice = map { $parley->post("$all/$id/end", { reason => 'once' },
    { 'Idempotency-Key' => "end-$id" }) } 1, 2;
is($twice[1]->content, $twice[0]->content,
    'the same request is answered as the first time');
is($twice[1]->header('idempotency-replayed'), 'true', 'and says so');
is($twice[1]->data->{was_active}, $true, 'which ended it');
is($parley->post("$all/$id/end", { reason => 'other' },
    { 'Idempotency-Key' => "end-$id" })->status, 422,
    'the key is good for that request alone');
is(closes($id), 1, 'it is told once');

done_testing;
