#!/usr/bin/perl
# Which model is asked: the one that a pathway's node names, where the server
# has it, or else the account's.
use v5.30;
use warnings;

use JSON::PP ();
use Parley::Model;
use Parley::Test;

use constant PATIENCE => 30;

my $model = Parley::Model->new;
my $parley = Parley::Test->new(worker => 1,
    environment => { $model->environment });
my $users = 0;

# A conversation whose first node has these options; its last turn.
sub turn_of {
	my (%options) = @_;
	my $pathway = $parley->post('/v1/pathway/create', { name => 'One' })
	    ->json->{pathway_id};
	my $version = $parley->post("/v1/pathway/$pathway/version", { name =>
	    'v', edges => [], nodes => [ { id => 'a', type => 'Default', data
	    => { name => 'a', isStart => JSON::PP::true, prompt => 'Greet.',
	    modelOptions => \%options } } ] });
	$parley->post("/v1/pathway/$pathway/publish", { version_id =>
	    $version->json->{data}{version_number} });
	my $user = sprintf '+1555910%04d', ++$users;
	my $id = $parley->post('/v1/sms/send', { user_number => $user,
	    agent_number => $parley->number, pathway_id => $pathway })
	    ->data->{conversation_id};
	wait_until(PATIENCE, sub { $parley->said($id) });
	is_deeply([ $parley->said($id) ], [ 'AGENT: Hello' ], 'it is said');
	return JSON::PP->new->encode($parley->get("/v1/conversations/$id/turns")
	    ->data->[0]);
}

sub asked { return map { $_->{model} } @{ $model->requests }[$_[0] .. $#{
    $model->requests }] }

$model->answer({ text => 'Hello', model => 'large-2' });
my $turn = turn_of(modelName => 'large-2');
is_deeply([ asked(0) ], [ 'large-2' ], 'a node names its model');
like($turn, qr/"model":"large-2"/, 'and the trace says which answered');

$model->fail(404, message => 'no such model', code => 'model_not_found');
$model->answer('Hello');
turn_of(modelName => 'no-such-model', temperature => 0.25);
is_deeply([ asked(1) ], [ 'no-such-model', $model->name ],
    'where the server has none of this name, the account\'s is asked');
is($model->requests->[-1]{temperature}, 0.25, 'as the node has it');

for my $tier (qw(base Turbo)) {
	my $before = @{ $model->requests };
	$model->answer('Hello');
	turn_of(modelName => $tier, modelType => 'smart');
	is_deeply([ asked($before) ], [ $model->name ],
	    "$tier stands for the account's own");
}

# A model whose template takes messages of user and assistant in turn.
$parley->set(debounce => 20);
$model->fail(400, message => 'After the optional system message, conversation'
    . ' roles must alternate user/assistant/user/assistant/...');
$model->answer('Hello');
my $user = sprintf '+1555910%04d', ++$users;
my ($id) = map { $parley->text($user, $_) } qw(One Two);
$parley->sql("UPDATE work SET due = UTC_TIMESTAMP(6) WHERE kind = 'turn'"
    . " AND state = 'waiting'");
ok(wait_until(PATIENCE, sub { $parley->said($id) == 3 }),
    'is given them so') or diag($parley->said($id));
my @given = @{ $model->requests->[-1]{messages} };
is(join(' ', map { $_->{role} } @given), 'system' . ' user assistant' x 2
    . ' user', 'in turn');
is_deeply([ map { $_->{content} } @given[-3, -1] ], [ qw(One Two) ],
    'with every text by itself');

done_testing;
