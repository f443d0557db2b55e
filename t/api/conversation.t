#!/usr/bin/perl
# One conversation: get, archive, reopen, delete, clear, and its messages.
use v5.30;
use warnings;

use JSON::PP ();
use Parley::Test;

my $parley = Parley::Test->new;
my $all = '/v1/sms/conversations';
my ($true, $false) = (JSON::PP::true, JSON::PP::false);
my $time = qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
my $users = 0;
sub new_user { return sprintf '+1555300%04d', ++$users }

sub rows_of {
	my ($table, $column, $id) = @_;
	return $parley->sql("SELECT COUNT(*) FROM $table WHERE $column ="
	    . " UNHEX(REPLACE('$id', '-', ''))");
}

sub state_of {
	my ($id) = @_;
	my $shown = $parley->conversation($id);
	return join ' ', $shown->{is_active} ? 'active' : 'not', map { $_ // '-' }
	    @$shown{qw(status)};
}

# --- Archive it.

my $user = new_user();
my $made = $parley->create(user_number => $user, sender => 'AGENT',
    time_out => 600)->data;
my $id = $made->{conversation_id};
my $answer = $parley->patch("$all/$id", { is_active => $false });
is($answer->status, 200, 'a conversation is archived');
my $json = $answer->json;
like(delete $json->{conversation}{updated_at}, $time, 'at some time');
is_deeply($json, { message => 'Conversation updated successfully',
    conversation => { id => $id, is_active => $false, status => 'inactive',
    current_node_id => undef, human_handoff_at => undef,
    human_handoff_reason => undef, human_handoff_metadata => undef } },
    'and the answer is bare');
is($parley->sql("SELECT ended_by_client FROM conversation WHERE id ="
    . " UNHEX(REPLACE('$id', '-', ''))"), 1,
    'the next text opens a new one, whatever the number says');
is(state_of($id), 'not inactive', 'it is not active');
like($parley->conversation($id)->{ended_at}, $time, 'and has an end');
is($parley->get("/v1/workflows/$made->{workflow_id}")->data->{state}, 'done',
    'its clock is stopped');
is_deeply([ $parley->rows("SELECT payload FROM work WHERE kind = 'close' AND"
    . " subject_id = UNHEX(REPLACE('$id', '-', ''))") ],
    [ [ '{"reason":"is_active was set to false"}' ] ],
    'its end is work to do');
my $before = $parley->state;
is($parley->patch("$all/$id", { is_active => $false })->status, 200,
    'once more is no fault');
is($parley->state, $before, 'and does nothing');

# --- Make it active again.

$answer = $parley->patch("$all/$id", { is_active => $true });
is($answer->json->{conversation}{status}, 'open', 'it is reopened');
is(state_of($id), 'active open', 'and active');
is($parley->conversation($id)->{ended_at}, undef, 'without an end');
is($parley->create(user_number => $user)->data->{conversation_id}, $id,
    'the next message goes into it');
$before = $parley->state;
is($parley->patch("$all/$id", { is_active => $true })->status, 200,
    'once more is no fault');
is($parley->state, $before, 'and does nothing');

my $next = $parley->create(user_number => $user, new_conversation => $true)
    ->data->{conversation_id};
$before = $parley->state;
$answer = $parley->patch("$all/$id", { is_active => $true });
is($answer->status, 409, 'a pair has only one that is active');
is($answer->faults, 'CONVERSATION_ALREADY_ACTIVE /is_active', 'says why');
is($parley->state, $before, 'and nothing is changed');
$parley->patch("$all/$next", { is_active => $false });
is($parley->patch("$all/$id", { is_active => $true })->status, 200,
    'when the other is archived it may');

$before = $parley->state;
for ([ {}, 'MISSING_REQUIRED_FIELDS' ], [ { is_active => undef } ],
    [ { is_active => 'false' } ], [ { is_active => 0 } ],
    [ { is_active => [] } ]) {
	my ($body, $code) = @$_;
	is($parley->patch("$all/$id", $body)->faults, ($code //
	    'INVALID_PARAMETER') . ' /is_active', 'is_active: '
	    . JSON::PP->new->encode($body));
}
is($parley->state, $before, 'nothing comes of those');
is($parley->patch("$all/$id", { is_active => $true, is_activ => $true })
    ->json->{warnings}[0]{field}, '/is_activ', 'an unknown field is warned of');

# --- Mark messages as deleted.

$user = new_user();
$id = $parley->create(user_number => $user, message => 'one')->data
    ->{conversation_id};
my @messages = map { $parley->create(user_number => $user,
    message => $_)->data->{message_id} } qw(two three four);
my $foreign = $parley->create(user_number => new_user())->data->{message_id};
$answer = $parley->delete("$all/$id/messages", { message_ids =>
    [ @messages[0, 1] ] });
is_deeply($answer->json, { errors => undef, data => { message =>
    '2 messages marked as deleted', deleted_count => 2 } },
    'two messages are deleted');
my $shown = $parley->conversation($id);
is(join(' ', map { $_->{message} } @{ $shown->{messages} }), 'one four',
    'they are not shown');
is($shown->{message_count}, 2, 'nor counted');
is(rows_of('message', 'conversation_id', $id), 4, 'but kept');
$before = $parley->state;
$answer = $parley->delete("$all/$id/messages", { message_ids => [
    $messages[0], $foreign, 'nonsense', 100001,
    '0190b0a0-0000-7000-8000-000000000001' ] });
is_deeply($answer->data, { message => '0 messages marked as deleted',
    deleted_count => 0 }, 'what is not there is passed over');
is($parley->state, $before, 'and nothing comes of it');
is($parley->delete("$all/$id/messages", { message_ids =>
    [ ($messages[2]) x 3 ] })->data->{deleted_count}, 1,
    'a message that is named three times is deleted once');
is($parley->conversation($id)->{last_message}, 'one',
    'the last message is one that is shown');
is($parley->get("$all?pageSize=100")->data->[-1]{id} ne '', 1, 'listed');
my ($row) = grep { $_->{id} eq $id } @{ $parley->get("$all?pageSize=100")
    ->data };
is_deeply([ @$row{qw(message_count last_message)} ], [ 1, 'one' ],
    'in the list as well');
$before = $parley->state;
for ([ {}, 'MISSING_REQUIRED_FIELDS /message_ids' ],
    [ { message_ids => [] }, 'INVALID_PARAMETER /message_ids' ],
    [ { message_ids => undef }, 'INVALID_PARAMETER /message_ids' ],
    [ { message_ids => 'x' }, 'INVALID_PARAMETER /message_ids' ],
    [ { message_ids => [ $true ] }, 'INVALID_PARAMETER /message_ids/0' ],
    [ { message_ids => [ 'x', {} ] }, 'INVALID_PARAMETER /message_ids/1' ],
    [ { message_ids => [ map { "$_" } 1 .. 101 ] },
	'INVALID_PARAMETER /message_ids' ]) {
	my ($body, $faults) = @$_;
	is($parley->delete("$all/$id/messages", $body)->faults, $faults,
	    substr(JSON::PP->new->encode($body), 0, 40) . ' is refused');
}
is($parley->delete("$all/$id/messages")->faults,
    'MISSING_REQUIRED_FIELDS /message_ids', 'so is no body');
is($parley->state, $before, 'and nothing comes of those');

# --- Delete it.

sub count {
	return $parley->get('/v1/sms/numbers')->data->[0]
	    {conversation_count};
}
$made = $parley->create(user_number => new_user(), sender => 'AGENT',
    time_out => 60)->data;
$id = $made->{conversation_id};
my $counted = count();
$answer = $parley->delete("$all/$id");
is_deeply($answer->json, { errors => undef, data => { message =>
    'Conversation deleted successfully' } }, 'a conversation is deleted');
is(count(), $counted - 1, 'and no longer counted');
is(rows_of('conversation', 'id', $id), 0, 'it is gone');
is(rows_of('message', 'conversation_id', $id), 0, 'with its messages');
is($parley->sql("SELECT COUNT(*) FROM work WHERE state = 'waiting' AND"
    . " subject_id = UNHEX(REPLACE('$id', '-', ''))"), 0,
    'and what was to be done for it');
$before = $parley->state;
for ([ GET => '' ], [ PATCH => '', { is_active => $true } ],
    [ DELETE => '' ], [ DELETE => '/messages', { message_ids => [ 'x' ] } ]) {
	my ($method, $path, $body) = @$_;
	$answer = $parley->request($method, "$all/$id$path", $body);
	is($answer->status, 404, "$method$path: 404 from then on");
	is($answer->faults, 'CONVERSATION_NOT_FOUND', "$method$path: it is"
	    . ' said what is not there');
}
for my $odd ('nonsense', '0', $id =~ s/-//gr, uc $id, "$id ", '%00',
    "${id}0", '..', 'conv_abc123') {
	my $status = $parley->get("$all/" . $odd =~ s/ /%20/gr)->status;
	like($status, qr/^40[04]$/, "'$odd' is none: $status");
}
is($parley->state, $before, 'nothing comes of those');

# --- The history of a pair.

my $number = $parley->number;
$user = new_user();
$parley->create(user_number => $user, message => $_) for qw(a b);
my $second = $parley->create(user_number => $user, message => 'c',
    new_conversation => $true, sender => 'AGENT')->data->{conversation_id};
my $whatsapp = $parley->create(user_number => $user, message => 'w',
    channel => 'whatsapp');
for ([ $number, $user ], [ $user, $number ]) {
	my ($from, $to) = @$_;
	$answer = $parley->post('/v1/sms/messages/get', { from => $from,
	    to => $to });
	is(join(' ', map { "$_->{message}:$_->{from}" } @{ $answer->json
	    ->{messages} }), "a:$user b:$user c:$number",
	    'all messages of the pair, oldest first, from '
	    . ($from eq $user ? 'the user' : 'the number'));
	is_deeply([ keys %{ $answer->json } ], [ 'messages' ],
	    'in a bare document');
}
is(join(' ', map { $_->{message} } @{ $parley->post('/v1/sms/messages/get',
    { from => $number, to => $user, channel => 'whatsapp' })->json
    ->{messages} }), 'w', 'a channel has its own');
is_deeply($parley->post('/v1/sms/messages/get', { from => $number,
    to => '+15559990000' })->json, { messages => [] },
    'a pair that never spoke has none');

$answer = $parley->post('/v1/sms/clear', { from => $user, to => $number });
is_deeply($answer->json, { status => 'success', count => 3 },
    'the history is hidden from the agent');
$before = $parley->state;
is($parley->post('/v1/sms/clear', { from => $number, to => $user })->json
    ->{count}, 0, 'in either order, and once');
is($parley->state, $before, 'then there is nothing left to do');
is(@{ $parley->conversation($second)->{messages} }, 1,
    'nothing is deleted by that');
is(@{ $parley->post('/v1/sms/messages/get', { from => $user,
    to => $number })->json->{messages} }, 3, 'nor taken from the history');
$parley->create(user_number => $user, message => 'd');
is($parley->post('/v1/sms/clear', { from => $number, to => $user })->json
    ->{count}, 1, 'what comes later can be cleared again');

$before = $parley->state;
for my $path (qw(clear messages/get)) {
	is($parley->post("/v1/sms/$path", {})->faults, 'MISSING_REQUIRED_FIELDS'
	    . ' /to, MISSING_REQUIRED_FIELDS /from', "$path: both are required");
	is($parley->post("/v1/sms/$path", { to => 'x', from => 5 })->faults,
	    'INVALID_PARAMETER /to, INVALID_PARAMETER /from',
	    "$path: both are numbers");
	$answer = $parley->post("/v1/sms/$path", { to => $user,
	    from => '+15559990000' });
	is($answer->status, 404, "$path: neither is the account's: 404");
	is($answer->faults, 'INBOUND_NUMBER_NOT_FOUND /from',
	    "$path: it is said so");
}
is($parley->state, $before, 'nothing comes of those');

done_testing;
