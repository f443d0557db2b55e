#!/usr/bin/perl
# POST /v1/pathway/{id}/replay: conversations that a worker recorded are taken
# again over another version, and where they part is told.
use v5.30;
use warnings;

use JSON::PP ();
use Parley::Model;
use Parley::Receiver;
use Parley::Test;

use constant PATIENCE => 30;

my $model = Parley::Model->new;
my $receiver = Parley::Receiver->new;
my $parley = Parley::Test->new(worker => 1, environment => {
    $model->environment, PARLEY_NET_ALLOW => '127.0.0.0/8' });
my $stranger = $parley->another_account;
my $false = JSON::PP::false;
my $true = JSON::PP::true;
my $users = 0;

sub node {
	my ($id, $type, %data) = @_;
	return { id => $id, type => $type, data => { name => "The $id", %data } };
}

sub edge {
	my ($source, $target, $label, %data) = @_;
	return { id => "$source-$target", source => $source,
	    target => $target, data => { label => $label, %data } };
}

my @nodes = (
    node('start', 'Default', isStart => $true, text => 'Book or cancel?'),
    node('book', 'Default', prompt => 'Ask for the day.',
	extractVars => [ [ 'day', 'string', 'The day' ] ]),
    node('look', 'Webhook', method => 'GET', url => $receiver->url('slots'),
	responseData => [ { name => 'code', data => '$.nothing',
	context => '' } ]),
    node('bye', 'End Call', text => 'See you on {{day}}.'),
    node('cancel', 'End Call', text => 'It is cancelled.'));
my @edges = (edge('start', 'cancel', 'wants to cancel'),
    edge('start', 'book', 'wants to book'), edge('book', 'look', 'a day'),
    edge('look', 'bye', 'on'));

my $pathway = $parley->post('/v1/pathway/create', { name => 'Booking' })
    ->json->{pathway_id};
my $route = "/v1/pathway/$pathway/replay";

sub push_version {
	my ($nodes, $edges) = @_;
	my $answer = $parley->post("/v1/pathway/$pathway/version",
	    { name => 'A version', nodes => $nodes, edges => $edges });
	is($answer->status, 200, 'a version is pushed')
	    or diag $answer->content;
	return $answer->json->{data}{version_number};
}

sub replay {
	my ($version, %more) = @_;
	my $answer = $parley->post($route, { version => $version, %more });
	is($answer->status, 200, "it is replayed over $version")
	    or diag $answer->content;
	return $answer->data;
}

# The nodes with one that has other data.
sub with {
	my ($id, %data) = @_;
	return [ map { $_->{id} eq $id ?
	    { %$_, data => { %{ $_->{data} }, %data } } : $_ } @nodes ];
}

my $first = push_version(\@nodes, \@edges);
$parley->post("/v1/pathway/$pathway/publish", { version_id => $first });
$parley->set(pathway_id => $pathway);

# --- Two conversations, as they were recorded.

sub says {
	my ($id, $count, $name) = @_;
	ok(wait_until(PATIENCE, sub { $parley->said($id) >= $count }), $name)
	    or diag join "\n", $parley->said($id);
	return;
}

my $user = '+15559000001';
my $booked = $parley->text($user, 'Hello');
says($booked, 2, 'a conversation begins');
$model->answer({ text => { reason => 'they said so', choice => 'choice_2' } },
    'Which day?');
$parley->text($user, 'Book please');
says($booked, 4, 'and goes on by what the model chose');
$model->answer({ text => { day => 'Tuesday' } });
$parley->text($user, 'Tuesday');
says($booked, 6, 'to its end');
is(($parley->said($booked))[-1], 'AGENT: See you on Tuesday.',
    'with what it was told');

my $cancelled = $parley->text('+15559000002', 'Hi');
says($cancelled, 2, 'another one begins');
$model->answer({ text => { reason => 'so', choice => 'choice_1' } });
$parley->text('+15559000002', 'Cancel it');
says($cancelled, 4, 'and is cancelled');

my $asked = @{ $model->requests };
my $called = $receiver->requests;
my $messages = $parley->sql('SELECT COUNT(*) FROM message');

# --- What was not edited is the same.

my $same = replay($first);
is("@$same{qw(conversations same parted unknown)}", '2 2 0 0',
    'an unedited version replays as the same');
is_deeply([ map { "$_->{outcome} $_->{turns} $_->{reworded} $_->{version}" }
    @{ $same->{results} } ], [ 'same 2 0 1', 'same 3 0 1' ],
    'turn by turn, with nothing asked in other words');
is_deeply([ map { $_->{conversation_id} } @{ $same->{results} } ],
    [ $cancelled, $booked ], 'the latest first');
is($parley->post($route)->data->{same}, 2,
    'without a version it is the draft');

# --- What was edited parts there.

my $words = push_version(with('bye', text => 'Until {{day}}!'), \@edges);
my $parted = replay($words, conversation_ids => [ $booked ])->{results}[0];
is("$parted->{outcome} $parted->{turns}", 'parted 2',
    'other words are another turn');
my $turn = delete $parted->{parts_at}{turn_id};
is_deeply($parted->{parts_at}, { turn => 3, message => 'Tuesday',
    node_id => 'bye', node_name => 'The bye',
    then => { said => [ 'See you on Tuesday.' ], node_id => 'bye',
	ending => 'end' },
    now => { said => [ 'Until Tuesday!' ], node_id => 'bye',
	ending => 'end' }, needs => undef },
    'it is told where they part, what was said then and what would be now');
ok(scalar(grep { $_->{id} eq $turn } @{ $parley->get(
    "/v1/conversations/$booked/turns")->data }), 'and in which turn');
is(replay($words)->{same}, 1, 'who never came there is the same');

my $turned = push_version(\@nodes, [ @edges[1, 0, 2, 3] ]);
is_deeply([ map { "$_->{outcome} $_->{reworded}" }
    @{ replay($turned)->{results} } ], [ 'same 1', 'same 1' ],
    'a choice is what it stood for, in whatever order; the question is'
    . ' another');

my $gone = push_version([ @nodes[0, 1, 2, 3] ], [ @edges[1, 2, 3] ]);
my $results = replay($gone)->{results};
is($results->[0]{parts_at}{now}{node_id}, 'book',
    'without a way on the only one left is taken');
is("$results->[0]{parts_at}{turn} $results->[0]{parts_at}{node_id}",
    '2 start', 'from where it parts');
is_deeply($results->[0]{parts_at}{needs}, { action => 'ask_model',
    purpose => 'reply', node_id => 'book', name => undef,
    reason => 'it was never asked there' },
    'and needs an answer that nobody gave');

my $other = push_version(with('look', url => $receiver->url('others')),
    \@edges);
is(replay($other, conversation_ids => [ $booked ])->{results}[0]
    {parts_at}{needs}{action}, 'call_url',
    'a request to another address was never made');

# --- Which ones.

is(replay($first, limit => 1)->{conversations}, 1, 'as many as asked for');
is(replay($first, until => '2020-01-01T00:00:00.000Z')->{conversations}, 0,
    'and of that time');
is(replay($first, since => '2020-01-01T00:00:00.000Z')->{conversations}, 2,
    'or since then');
$parley->sql("UPDATE turn SET trace = '[]'");
my $unknown = replay($first);
is($unknown->{unknown}, 2, 'what was not recorded whole is not known');
is($unknown->{results}[0]{reason},
    'turn 1: it was recorded without its beginning', 'and why');
$parley->sql("DELETE FROM turn");
is(replay($first)->{results}[0]{reason},
    'no turn of it was taken in this pathway', 'nor one without turns');

# --- Nothing came of it.

is(@{ $model->requests }, $asked, 'no model was asked');
is($receiver->requests, $called, 'nobody was called');
is($parley->sql('SELECT COUNT(*) FROM message'), $messages,
    'and no message was sent');

# --- What is refused.

for ([ { version => 99 }, '404PATHWAY_VERSION_NOT_FOUND /version' ],
    [ { conversation_ids => [ 'none' ] },
	'404CONVERSATION_NOT_FOUND /conversation_ids/0' ],
    [ { conversation_ids => [] },
	'400INVALID_PARAMETER /conversation_ids' ],
    [ { conversation_ids => [ ('x') x 51 ] },
	'400INVALID_PARAMETER /conversation_ids' ],
    [ { limit => 51 }, '400INVALID_PARAMETER /limit' ]) {
	my ($body, $wanted) = @$_;
	my $answer = $parley->post($route, $body);
	is($answer->status . $answer->faults, $wanted, $wanted);
}
is($parley->post('/v1/pathway/none/replay', {})->faults,
    'PATHWAY_NOT_FOUND', 'a pathway that is not there');
is($stranger->post($route, {})->faults, 'PATHWAY_NOT_FOUND',
    "another account's pathway is not found");
my $own = $stranger->post('/v1/pathway/create', { name => 'Own' })
    ->json->{pathway_id};
is($stranger->post("/v1/pathway/$own/replay",
    { conversation_ids => [ $booked ] })->faults,
    'CONVERSATION_NOT_FOUND /conversation_ids/0', 'nor its conversation');
my $reader = $parley->with_scopes('pathways:read');
is($reader->post($route, {})->faults, 'FORBIDDEN',
    'who may not read what was said is not told');

done_testing;
