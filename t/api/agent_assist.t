#!/usr/bin/perl
# GET /v1/agent-assist/{phone_number}: what a person should know who takes
# over.
use v5.30;
use warnings;

use JSON::PP ();
use Parley::Model;
use Parley::Test;

my $model = Parley::Model->new;
my $parley = Parley::Test->new(environment => { PARLEY_API_CHILDREN => 3 });
my $stranger = $parley->another_account;
my $user = '+15552000001';
my $assist = '/v1/agent-assist/%2B15552000001';

is($parley->get($assist)->status, 404, 'who never talked is not found');
$parley->create(user_number => $user, message => 'an older one',
    new_conversation => JSON::PP::true);
my $talk = $parley->create(user_number => $user, message => 'where is it?',
    new_conversation => JSON::PP::true, request_data => { order => 7,
    name => 'Ada' })->data->{conversation_id};
$parley->sql("UPDATE conversation SET citation_variables = '{\"name\":\"Eve\"}'
    WHERE id = X'" . $talk =~ tr/-//dr . "'");

# --- Without a model.

my $worker = $parley->start_worker;
my $brief = $parley->get($assist)->json;
is($brief->{conversation_id}, $talk, 'the newest is found by its user');
is_deeply([ @$brief{qw(phone_number channel status user_id summary sentiment
    next_steps)} ], [ $user, 'sms', 'in_progress', $user, undef, undef,
    undef ], 'what is not known without a model is null');
like($brief->{note}, qr/^LLM_NOT_CONFIGURED/, 'and why it is');
is_deeply($brief->{collected_info}, { order => 7, name => 'Eve' },
    'what was extracted lies over the variables');
is_deeply([ map { $_->{text} } @{ $brief->{transcript}{turns} } ],
    [ 'where is it?' ], 'the transcript is there');
$worker->stop;

# --- With one.

$parley->start_worker($model->environment);
$model->answer({ text => { variables => { summary => 'A parcel is late.',
    sentiment => 'negative', next_steps => [ 'Look it up', 'Call back' ] },
    citations => [] } });
$brief = $parley->get("/core/agent-assist/$user")->json;
is_deeply([ @$brief{qw(summary sentiment next_steps note)} ],
    [ 'A parcel is late.', 'negative', [ 'Look it up', 'Call back' ], undef ],
    'a model says how things stand');
$parley->sql("UPDATE conversation SET summary = 'As it ended.'
    WHERE id = X'" . $talk =~ tr/-//dr . "'");
$model->answer({ text => { variables => { summary => 'Another.',
    sentiment => 'neutral', next_steps => undef }, citations => [] } });
$brief = $parley->get($assist)->json;
is_deeply([ @$brief{qw(summary sentiment next_steps)} ],
    [ 'As it ended.', 'neutral', undef ],
    'the summary of one that ended is its own');
$model->fail(400, message => 'too long');
$brief = $parley->get($assist)->json;
like($brief->{note}, qr/^LLM_REFUSED/, 'a model that refuses is a note');
is($brief->{sentiment}, undef, 'and nothing is made up');
is($parley->sql("SELECT COUNT(*) FROM conversation WHERE citation_variables"
    . " LIKE '%sentiment%'"), 0, 'the conversation keeps nothing of it');

# --- By the agent's number, and who may ask.

is($parley->get('/v1/agent-assist/' . $parley->number)->json
    ->{conversation_id}, $talk, "the agent's number finds its newest");
is($stranger->get($assist)->status, 404, 'a stranger finds none of ours');
is($parley->with_scopes($_)->get($assist)->status, 403, "$_ is not enough")
    for qw(conversations:read conversations:manage);
$model->fail(400);
is($parley->with_scopes('conversations:read_sensitive')->get($assist)->status,
    200, 'conversations:read_sensitive is');

done_testing;
