#!/usr/bin/perl
# /v1/pathway/chat: a pathway is talked with, and no carrier is needed.
use v5.30;
use warnings;

use JSON::PP ();
use Parley::Test;

my $parley = Parley::Test->new(worker => 1,
    environment => { PARLEY_NET_ALLOW => '127.0.0.0/8' });
my $stranger = $parley->another_account;
my $chats = '/v1/pathway/chat';
my $false = JSON::PP::false;
my $true = JSON::PP::true;

sub node {
	my ($id, $type, %data) = @_;
	return { id => $id, type => $type, data => { name => "The $id", %data } };
}

sub edge { return { id => "$_[0]-$_[1]", source => $_[0], target => $_[1],
    data => { label => $_[2] } } }

my $pathway = $parley->post('/v1/pathway/create', { name => 'Visit' })
    ->json->{pathway_id};
$parley->post("/v1/pathway/$pathway", {
    nodes => [ node('hello', 'Default', isStart => $true,
	    text => 'Hello {{first_name}}, when?'),
	node('bye', 'End Call', text => 'Goodbye') ],
    edges => [ edge('hello', 'bye', 'they answered') ] });

sub open_chat {
	return $parley->post("$chats/create",
	    { pathway_id => $pathway, @_ });
}

# --- A node's request.

my $asks = $parley->post('/v1/pathway/create', { name => 'Asks' })
    ->json->{pathway_id};
$parley->post("/v1/pathway/$asks", {
    nodes => [ node('ask', 'Webhook', isStart => $true, method => 'GET',
	    url => 'http://127.0.0.1:' . $parley->port . '/v1/nothing',
	    responseData => [ { name => 'code', data => '$.errors[0].error',
	    context => '' } ]),
	node('bye', 'End Call', text => 'It is {{code}}.') ],
    edges => [ edge('ask', 'bye', 'on') ] });
my $asking = $parley->post("$chats/create", { pathway_id => $asks })->data;
is_deeply($parley->post("$chats/$asking->{chat_id}", {})->data
    ->{assistant_responses}, [ 'It is ROUTE_NOT_FOUND.' ],
    'what came back is found by its path');

# --- A chat from its beginning to its end.

my $answer = open_chat(request_data => { first_name => 'Ada' });
is($answer->status, 200, 'a chat is opened');
my $id = $answer->data->{chat_id};
is($answer->data->{variables}{first_name}, 'Ada', 'with its variables');
is($answer->data->{variables}{callID}, $id, 'and its id among them');
is_deeply($parley->get("$chats/$id")->json, { data => [], errors => undef },
    'nothing was said yet');
my $first = $parley->post("$chats/$id", {});
is($first->status, 200, 'an empty message lets the agent speak first');
my $said = $first->data;
is_deeply($said->{assistant_responses}, [ 'Hello Ada, when?' ],
    'it says what its node says');
is("$said->{current_node_id} $said->{current_node_name}", 'hello The hello',
    'and where it stands');
is($said->{completed}, $false, 'it is not over');
is($said->{pathway_id}, $pathway, 'in its pathway');
is($said->{pathway_version}, undef, 'of which there is only a draft');
my %key = ('Idempotency-Key' => 'once');
$said = $parley->post("$chats/$id", { message => 'On Monday' }, \%key);
my $again = $parley->post("$chats/$id", { message => 'On Monday' }, \%key);
my @same = qw(assistant_responses chat_history current_node_id completed);
is_deeply([ @{ $again->data }{@same} ], [ @{ $said->data }{@same} ],
    'a replayed key answers the same');
is($again->header('idempotency-replayed'), 'true', 'and says so');
$said = $said->data;
is_deeply($said->{assistant_responses}, [ 'Goodbye' ],
    'a message leads it on');
is($said->{current_node_id}, 'bye', 'to the next node');
is($said->{completed}, $true, 'there it ends');
my $history = [ { role => 'assistant', content => 'Hello Ada, when?' },
    { role => 'user', content => 'On Monday' },
    { role => 'assistant', content => 'Goodbye' } ];
is_deeply($said->{chat_history}, $history, 'with all that was said');
is_deeply($parley->get("$chats/$id")->data, $history, 'which is kept');
$answer = $parley->post("$chats/$id", { message => 'Wait' });
is($answer->status . $answer->faults, '409CONVERSATION_HAS_ENDED',
    'a chat that is over takes no more');
is($parley->sql("SELECT COUNT(*) FROM message"), 0, 'no message was sent');

# --- Elsewhere than at the start, and in a version.

$id = open_chat(start_node_id => 'bye')->data->{chat_id};
is_deeply($parley->post("$chats/$id", {})->data->{assistant_responses},
    [ 'Goodbye' ], 'it begins at the node that is given');
my $version = $parley->post("/v1/pathway/$pathway/version", { name => 'One',
    nodes => [ node('only', 'End Call', isStart => $true, text => 'One') ],
    edges => [] })->json->{data}{version_number};
$id = open_chat(pathway_version => $version)->data->{chat_id};
$said = $parley->post("$chats/$id", {})->data;
is_deeply([ @$said{qw(assistant_responses pathway_version)} ],
    [ [ 'One' ], "$version" ], 'or in the version that is given');

# --- Into another pathway.

my $other = $parley->post('/v1/pathway/create', { name => 'Lead' })
    ->json->{pathway_id};
$parley->post("/v1/pathway/$other", { nodes => [
    node('on', 'Transfer Pathway', isStart => $true,
	transferPathway => $pathway, pathwayId => $pathway,
	pathway_id => $pathway) ], edges => [] });
$id = open_chat(pathway_id => $other)->data->{chat_id};
$said = $parley->post("$chats/$id", {})->data;
is($said->{pathway_id}, $pathway, 'a pathway leads to another');
is($said->{assistant_responses}[-1], 'One', 'where the agent speaks on');

# --- A pathway that has no start, a model that is not there.

$parley->post("/v1/pathway/$other", { nodes => [
    node('a', 'Default', text => 'Hi') ], edges => [] });
$id = open_chat(pathway_id => $other)->data->{chat_id};
$answer = $parley->post("$chats/$id", { message => 'Hi' });
is($answer->status . $answer->faults, '400INVALID_NODE',
    'a pathway without a start is refused');
$parley->post("/v1/pathway/$other", { nodes => [
    node('a', 'Default', isStart => $true, prompt => 'Greet') ],
    edges => [] });
$answer = $parley->post("$chats/$id", {});
is($answer->status . $answer->faults, '503LLM_NOT_CONFIGURED',
    'what needs a model fails without one');
is_deeply($parley->get("$chats/$id")->data, [],
    'and the chat is as it was');

# --- What is refused.

for ([ { pathway_id => undef }, '400MISSING_REQUIRED_FIELDS /pathway_id' ],
    [ { pathway_id => 'none' }, '404PATHWAY_NOT_FOUND /pathway_id' ],
    [ { request_data => [] }, '400INVALID_PARAMETER /request_data' ],
    [ { request_data => undef }, '400INVALID_PARAMETER /request_data' ],
    [ { pathway_version => 99 },
	'404PATHWAY_VERSION_NOT_FOUND /pathway_version' ]) {
	my ($body, $wanted) = @$_;
	my %body = (pathway_id => $pathway, %$body);
	delete $body{pathway_id} unless defined $body{pathway_id};
	$answer = $parley->post("$chats/create", \%body);
	is($answer->status . $answer->faults, $wanted, "create: $wanted");
}
$id = open_chat()->data->{chat_id};
is($stranger->get("$chats/$id")->faults, 'CHAT_NOT_FOUND',
    'another account does not see it');
is($stranger->post("$chats/$id", {})->faults, 'CHAT_NOT_FOUND',
    'nor speak in it');
is($parley->get("$chats/none")->status, 404, 'what is no id is not there');
is($parley->post("$chats/$id", { message => ' ' })->faults,
    'INVALID_PARAMETER /message', 'a blank message is none');

# --- One after the other.

$parley->sql("INSERT INTO work (id, account_id, subject_id, kind, state, due,"
    . " attempt, payload, created_at, updated_at)"
    . " SELECT UNHEX('00000000000070008000000000000001'), account_id, id,"
    . " 'chat', 'waiting', '2100-01-01', 0, '{}', NOW(6), NOW(6)"
    . " FROM pathway_chat WHERE id = UNHEX(REPLACE('$id', '-', ''))");
$parley->sql("UPDATE pathway_chat SET work_id ="
    . " UNHEX('00000000000070008000000000000001')"
    . " WHERE id = UNHEX(REPLACE('$id', '-', ''))");
is($parley->post("$chats/$id", {})->faults, 'CHAT_IS_BUSY',
    'a message waits for the one before it');
$parley->sql("UPDATE work SET state = 'dead' WHERE"
    . " id = UNHEX('00000000000070008000000000000001')");
is($parley->post("$chats/$id", {})->status, 200,
    'but not for one that was given up');

# --- What is old goes.

$parley->sql("UPDATE pathway_chat SET updated_at = NOW(6) - INTERVAL 31 DAY"
    . " WHERE id = UNHEX(REPLACE('$id', '-', ''))");
open_chat();
is($parley->get("$chats/$id")->status, 404, 'after 30 days a chat is gone');

done_testing;
