#!/usr/bin/perl
# Pathways over texts: a conversation walks the graph that its number, or the
# conversation itself, has; it goes on exactly where it stands, and keeps the
# version that it began with.
use v5.30;
use utf8;
use warnings;

use JSON::PP ();
use Parley::Model;
use Parley::Receiver;
use Parley::Test;

use constant PATIENCE => 30;

my $model = Parley::Model->new;
my $parley = Parley::Test->new(worker => 1, environment => {
    $model->environment, PARLEY_NET_ALLOW => '127.0.0.0/8' });
my $receiver = Parley::Receiver->new;
my $users = 0;

sub user { return sprintf '+1555900%04d', ++$users }

sub says {
	my ($id, $name, @wanted) = @_;
	wait_until(PATIENCE, sub { $parley->said($id) >= @wanted });
	return is_deeply([ $parley->said($id) ], \@wanted, $name);
}

sub node {
	my ($id, $type, %data) = @_;
	return { id => $id, type => $type, data => { name => $id, %data } };
}

sub edge {
	my ($source, $target, $label, %data) = @_;
	return { id => "$source-$target", source => $source,
	    target => $target, data => { label => $label, %data } };
}

# A pathway with one version, in production.
sub publish {
	my ($nodes, $edges) = @_;
	my $made = $parley->post('/v1/pathway/create', { name => 'Booking' })
	    ->json;
	push_version($made->{pathway_id}, $nodes, $edges);
	return $made->{pathway_id};
}

sub push_version {
	my ($id, $nodes, $edges) = @_;
	my $version = $parley->post("/v1/pathway/$id/version",
	    { name => 'A version', nodes => $nodes, edges => $edges });
	is($version->status, 200, 'a version is pushed')
	    or diag $version->content;
	my $answer = $parley->post("/v1/pathway/$id/publish",
	    { version_id => $version->json->{data}{version_number} });
	is($answer->status, 200, 'and published') or diag $answer->content;
	return;
}

my @nodes = (
    node('start', 'Default', isStart => JSON::PP::true,
	text => 'Hi {{name}}, which day?', tag => { name => 'Asked',
	color => '#123456' }),
    node('bye', 'End Call', text => 'See you, {{name}}.'));
my @edges = (edge('start', 'bye', 'a day was named'));
my $pathway = publish(\@nodes, \@edges);
$parley->set(pathway_id => $pathway, request_data => { name => 'Ada' });

subtest 'static nodes' => sub {
	my $before = @{ $model->requests };
	my $id = $parley->text(my $user = user(), 'Hello');
	says($id, 'the start is said', 'USER: Hello',
	    'AGENT: Hi Ada, which day?');
	my $shown = $parley->conversation($id);
	is($shown->{current_node_id}, 'start', 'there it stands');
	is($shown->{curr_pathway_id}, $pathway, 'in this pathway');
	is($shown->{curr_pathway_version}, 1, 'of this version');
	is_deeply($shown->{pathway_tags}, [ { name => 'Asked',
	    color => '#123456' } ], 'with the tag of the node');

	push_version($pathway, [ $nodes[0], node('bye', 'End Call',
	    text => 'Another version') ], \@edges);
	is($parley->delete("/v1/pathway/$pathway/version/1")->status, 200,
	    'the one before is archived');
	is($parley->text($user, 'Tuesday'), $id, 'the user answers');
	says($id, 'and the only edge is followed, in the version that it'
	    . ' began with', 'USER: Hello', 'AGENT: Hi Ada, which day?',
	    'USER: Tuesday', 'AGENT: See you, Ada.');
	ok(wait_until(PATIENCE, sub { $parley->conversation($id)->{status}
	    eq 'ended' }), 'End Call ends it');
	is(@{ $model->requests }, $before, 'no model was asked');

	my $next = $parley->text($user, 'Again');
	isnt($next, $id, 'the next conversation');
	$parley->text($user, 'Friday') if says($next, 'begins at the start',
	    'USER: Again', 'AGENT: Hi Ada, which day?');
	says($next, 'of the new version', 'USER: Again',
	    'AGENT: Hi Ada, which day?', 'USER: Friday',
	    'AGENT: Another version');
};

subtest 'put at a node' => sub {
	my $user = user();
	my $made = $parley->create(user_number => $user, sender => 'AGENT',
	    message => 'Which day?', curr_pathway_id => $pathway,
	    curr_pathway_version => '2', current_node_id => 'start');
	my $id = $made->data->{conversation_id};
	is($parley->text($user, 'Monday'), $id, 'a conversation');
	says($id, 'goes on exactly there', 'AGENT: Which day?',
	    'USER: Monday', 'AGENT: Another version');
};

subtest 'a request' => sub {
	my $asks = publish([
	    node('start', 'Default', isStart => JSON::PP::true,
		text => 'One moment'),
	    node('hook', 'Webhook', url => $receiver->url('slots'),
		method => 'POST', body => '{"user":"{{phone_number}}"}',
		responseData => [ { name => 'slot', data => '$.slot',
		context => '' } ], responsePathways => [ [ 'BlandStatusCode',
		'==', '200', { id => 'bye', name => 'bye' } ] ]),
	    node('bye', 'End Call', text => 'It is done.') ],
	    [ edge('start', 'hook', 'on'), edge('hook', 'bye', 'done') ]);
	$parley->set(pathway_id => $asks);
	my $user = user();
	my $id = $parley->text($user, 'When?');
	says($id, 'a node before it', 'USER: When?', 'AGENT: One moment');
	$parley->text($user, 'Go on');
	ok(wait_until(PATIENCE, sub { $receiver->requests > 0 }),
	    'is made by the worker');
	my ($made) = $receiver->requests;
	is_deeply($made->{document}, { user => $user }, 'of the variables');
	ok(wait_until(PATIENCE, sub { !$parley->conversation($id)
	    ->{is_active} }), 'and its answer leads on, to the end');
	my $log = $parley->get("/v1/pathway_calls/$id?v=2");
	is($log->status, 200, 'all of it is a log of events');
	my @events = @{ $log->json };
	is_deeply([ map { $_->{event_type} } @events ], [
	    'conversation.init', 'transcript.user', 'node.transition',
	    'transcript.assistant', 'transcript.user', 'node.transition',
	    'webhook.invoke', 'webhook.result', 'webhook.mapping',
	    'node.transition', 'transcript.assistant' ], 'in order');
	is_deeply([ map { $_->{sequence} } @events ], [ 1 .. 11 ],
	    'with its numbers');
	is($events[0]{payload}{pathway_id}, $asks, 'of the pathway');
	is("$events[9]{node_id} $events[9]{payload}{from_node_id}",
	    'bye hook', 'a transition has both its nodes');
	is($events[7]{operation_id}, $events[6]{operation_id},
	    'a request and its answer are one operation');
	is($events[7]{payload}{status}, 200, 'with the status');
	is_deeply($events[8]{payload}{outcomes}, { slot => 'empty',
	    BlandStatusCode => 'set' }, 'and what was made of it');
	is_deeply([ map { $_->{sequence} } @{ $parley->get(
	    "/v1/pathway_calls/$id?after=3&limit=2")->json } ], [ 4, 5 ],
	    'a part of it can be asked for');
	is($parley->get('/v1/pathway_calls/none')->faults,
	    'CONVERSATION_NOT_FOUND', 'of nothing there is none');
	$parley->set(pathway_id => $pathway);
};

subtest 'an answer' => sub {
	$parley->set(pathway_id => publish([
	    node('start', 'Webhook', isStart => JSON::PP::true, method =>
		'GET', url => 'http://127.0.0.1:' . $parley->port
		. '/v1/nothing', responseData => [ { name => 'code',
		data => '$.errors[0].error', context => '' } ]),
	    node('tell', 'End Call', text => 'It is {{code}}.') ],
	    [ edge('start', 'tell', 'on') ]));
	my $id = $parley->text(user(), 'What?');
	says($id, 'is found by its path in what came back', 'USER: What?',
	    'AGENT: It is ROUTE_NOT_FOUND.');
	$parley->set(pathway_id => $pathway);
};

subtest 'a text to another number' => sub {
	my $other = user();
	$parley->set(pathway_id => publish([
	    node('start', 'SMS', isStart => JSON::PP::true, to => $other,
		message => '{{phone_number}} wrote.'),
	    node('tell', 'End Call', text => 'They know.') ],
	    [ edge('start', 'tell', 'on') ]));
	my $id = $parley->text(my $user = user(), 'Tell them');
	says($id, 'is not said to the user', 'USER: Tell them',
	    'AGENT: They know.');
	my @found = grep { $_->{user_number} eq $other }
	    @{ $parley->get('/v1/sms/conversations')->data };
	is(@found, 1, 'there is a conversation with the other');
	says($found[0]{id}, 'who is written to', "AGENT: $user wrote.");
	ok(wait_until(PATIENCE, sub { ($parley->conversation($found[0]{id})
	    ->{messages}[0]{status} // '') eq 'delivered' }),
	    'by the carrier');
	$parley->set(daily_messages => 1);
	$id = $parley->text(user(), 'Tell them again');
	says($id, 'who is spared', 'USER: Tell them again',
	    'AGENT: They know.');
	says($found[0]{id}, 'what is more than a day may bring',
	    "AGENT: $user wrote.");
	$parley->set(pathway_id => $pathway, daily_messages => undef);
};

subtest 'a custom tool' => sub {
	my $made = $parley->post('/v2/tools', { name => 'Look it up',
	    description => 'Looks.', integration => 'rest_api',
	    action => 'get', url => 'http://127.0.0.1:' . $parley->port
	    . '/v1/nothing', input_schema => { type => 'object',
	    properties => {} }, response_data => [ { name => 'found',
	    data => '$.errors[0].error' } ] });
	is($made->status, 200, 'a tool') or diag $made->content;
	$parley->set(pathway_id => publish([
	    node('start', 'Custom Tool', isStart => JSON::PP::true,
		tool => { name => 'Look it up' }),
	    node('tell', 'End Call', text => 'It is {{found}}.') ],
	    [ edge('start', 'tell', 'on') ]));
	my $id = $parley->text(user(), 'What?');
	says($id, 'of the account is called by the node that names it, though'
	    . ' the number has none', 'USER: What?',
	    'AGENT: It is ROUTE_NOT_FOUND.');
	$parley->set(pathway_id => $pathway);
};

subtest 'a pathway that is gone' => sub {
	$parley->sql('DELETE FROM pathway_version');
	$parley->sql('DELETE FROM pathway');
	$model->answer('By the objective');
	my $id = $parley->text(user(), 'Anybody?');
	says($id, 'is passed over for the objective', 'USER: Anybody?',
	    'AGENT: By the objective');
	like($parley->sql('SELECT trace FROM turn WHERE conversation_id ='
	    . " UNHEX(REPLACE('$id', '-', ''))"), qr/without the pathway/,
	    'and the trace says so');
};

done_testing;
