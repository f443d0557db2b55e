#!/usr/bin/perl
# Tools in a turn: an agent on a number calls them with checked arguments, as
# often as a turn may, and never where the worker must not go.
use v5.30;
use warnings;

use JSON::PP ();
use Parley::Model;
use Parley::Receiver;
use Parley::Test;

use constant {
	PATIENCE => 30,
	CALLS => 20,
	TURN_MOST => 3,	# of them
};

my $model = Parley::Model->new;
my %allow = (PARLEY_NET_ALLOW => '127.0.0.0/8');
my $parley = Parley::Test->new(worker => 1,
    environment => { $model->environment, %allow });
my $receiver = Parley::Receiver->new;
my $users = 0;

sub user { return sprintf '+1555920%04d', ++$users }

sub tool {
	my (%given) = @_;
	my $answer = $parley->post('/v2/tools', { description => 'Tells.',
	    integration => 'rest_api', action => 'post', input_schema => {
	    type => 'object', required => [ 'order' ], properties => { order
	    => { type => 'integer' } } }, %given });
	die $answer->content if $answer->status != 200;
	return $answer->data->{id};
}

sub calls {
	my ($name, $arguments) = @_;
	return { tool_calls => [ { name => $name, arguments => $arguments } ] };
}

# What the model was told of the last call.
sub result {
	my ($told) = grep { $_->{role} eq 'tool' } reverse
	    @{ $model->requests->[-1]{messages} };
	return $told->{content};
}

# A user writes; what is answered.
sub answer {
	my ($user) = @_;
	my $id = $parley->text($user // user(), 'Where is order 7?');
	wait_until(PATIENCE, sub { ($parley->said($id))[-1] =~ /^AGENT/ });
	return ($id, ($parley->said($id))[-1]);
}

$parley->post('/v1/secrets', { name => 'shop', value => 'hush-0123456789' });
my $look = tool(name => 'LookUp', url => $receiver->url('orders'), headers =>
    { 'X-Key' => '{{SECRET.shop}}' }, body => { order => '{{input.order}}',
    who => '{{name}}' }, max_retries => 1);
my $state = tool(name => 'State', action => 'get', url => 'http://127.0.0.1:'
    . $parley->port . '/v1/health', response_data => [ { name => 'health',
    data => '$.status', context => 'It is {{health}}.' } ]);
$parley->set(objective => 'Help', tools => [ $look, $state ],
    request_data => { name => 'Ada' });

subtest 'a call' => sub {
	$model->answer(calls('LookUp', { order => 7 }), 'On its way.');
	my ($id, $said) = answer();
	is($said, 'AGENT: On its way.', 'is followed by an answer');
	my @made = $receiver->requests;
	is(@made, 1, 'is made once');
	is_deeply($made[0]{document}, { order => 7, who => 'Ada' },
	    'with its arguments and the variables');
	is($made[0]{headers}{'x-key'}, 'hush-0123456789', 'and the secret');
	like(result(), qr/ok/, 'the model is told what came back');
	unlike(JSON::PP->new->encode($model->requests), qr/hush/,
	    'and no secret');
	my $turns = $parley->get("/v1/conversations/$id/turns")->content;
	like($turns, qr/"order\W+7/, 'the trace has the arguments');
	unlike($turns, qr/hush/, 'and no secret either');
};

subtest 'what is mapped' => sub {
	$model->answer(calls('State', { order => 1 }), 'Fine.');
	my ($id, $said) = answer();
	is($said, 'AGENT: Fine.', 'is found');
	is($parley->conversation($id)->{variables}{health}, 'ok',
	    'and kept as a variable of the conversation');
};

subtest 'arguments that do not fit' => sub {
	my $before = $receiver->requests;
	$model->answer(calls('LookUp', { order => 'seven' }), 'Which order?');
	my ($id, $said) = answer();
	is(scalar($receiver->requests), $before, 'are not sent');
	like(result(), qr/order must be/, 'and the model is told why');
	is($said, 'AGENT: Which order?', 'and goes on');
};

subtest 'a failure' => sub {
	my $before = $receiver->requests;
	$receiver->answer(500, 200);
	$model->answer(calls('LookUp', { order => 7 }), 'There it is.');
	my ($id, $said) = answer();
	is($receiver->requests - $before, 2, 'is tried again');
	is($said, 'AGENT: There it is.', 'and answered');
};

subtest 'a model that calls for ever' => sub {
	my $before = $receiver->requests;
	$model->answer(({ %{ calls('LookUp', { order => 7 }) },
	    when => 'for ever' }) x CALLS);
	my $id = $parley->text(user(), 'Where is it, for ever?');
	ok(wait_until(PATIENCE, sub { $parley->sql('SELECT COUNT(*) FROM turn'
	    . " WHERE conversation_id = UNHEX(REPLACE('$id', '-', ''))") }),
	    'comes to an end');
	is($receiver->requests - $before, TURN_MOST,
	    'calls no more than a turn may');
	ok(!grep({ $_->{function}{name} eq 'LookUp' }
	    @{ $model->requests->[-1]{tools} // [] }),
	    'and is offered no tool at last');
};

subtest 'a private address' => sub {
	$parley->worker->stop;
	my $strict = $parley->start_worker(PARLEY_NET_ALLOW => undef);
	my $before = $receiver->requests;
	$model->answer(calls('LookUp', { order => 7 }),
	    'No idea.');
	my $id = $parley->text(user(), 'Where is the private one?');
	ok(wait_until(PATIENCE, sub { $parley->said($id) > 1 }),
	    'does not keep the agent from an answer');
	is(scalar($receiver->requests), $before, 'but is not called');
	like(result(), qr/error/, 'as the model is told');
	$strict->stop;
};

$model->stop;
done_testing;
