#!/usr/bin/perl
# POST /v1/sms/analyze: a conversation is asked at once, and the answer waits
# for the worker.
use v5.30;
use warnings;

use JSON::PP ();
use Parley::Model;
use Parley::Test;

my $model = Parley::Model->new;
my $parley = Parley::Test->new(environment => { PARLEY_API_CHILDREN => 3 });
my $stranger = $parley->another_account;
my $analyze = '/v1/sms/analyze';
my $nobody = '0190b0a0-0000-7000-8000-000000000001';
my $schema = $parley->post('/v1/citation_schemas/', { name => 'Intake',
    schema => { variables => [ { name => 'name' }, { name => 'urgent',
	type => 'boolean' } ] } })->json->{data}{id};
my $talk = $parley->create(message => "it's Ada here")->data
    ->{conversation_id};
my %asked = (schema_id => $schema, conversation_id => $talk);
my %found = (variables => { name => 'Ada', urgent => JSON::PP::true },
    citations => [ { variable => 'name', message => "it's Ada here",
	confidence => 0.91 }, { variable => 'urgent',
	message => 'nobody said this', confidence => 1 } ]);

# --- Without a model.

my $worker = $parley->start_worker;
my $answer = $parley->post($analyze, \%asked);
is($answer->status . ' ' . $answer->faults, '503 LLM_NOT_CONFIGURED',
    'without a model it is refused at once');
$worker->stop;

# --- With one.

$parley->start_worker($model->environment);
$model->answer({ text => \%found });
$answer = $parley->post($analyze, \%asked);
is($answer->status, 200, 'with one it is answered');
is_deeply($answer->json, { errors => [], data => { status => 'success',
    conversation_id => $talk, schema_id => $schema, schema_name => 'Intake',
    variables_extracted => 2, extracted_variables => $found{variables},
    citations => [ $found{citations}[0] ], messages_processed => 1 } },
    'with the variables, and the citations of what was said');
is($parley->get("/v1/sms/conversations/$talk")->data->{citation_variables},
    undef, 'the conversation keeps nothing of it');

my %key = ('Idempotency-Key' => 'once');
$model->answer({ text => \%found });
my @twice = map { $parley->post($analyze, \%asked, \%key) } 1, 2;
is($twice[1]->content, $twice[0]->content,
    'a replayed key answers the same');
is($twice[1]->header('idempotency-replayed'), 'true', 'and says so');
is(@{ $model->requests }, 2, 'and the model is not asked again');

$model->fail(503);
$model->answer({ text => \%found });
is($parley->post($analyze, \%asked)->status, 200,
    'a model that was away for a moment is asked again');
$model->fail(400, message => 'too long');
$answer = $parley->post($analyze, \%asked);
is($answer->status . ' ' . $answer->faults, '502 LLM_REFUSED',
    'one that refuses is a refusal');
$model->answer({ text => '{}' }, { text => '{}' });
$answer = $parley->post($analyze, \%asked);
is($answer->status . ' ' . $answer->faults, '502 LLM_INVALID_ANSWER',
    'and so is one whose answers do not fit');

# --- The work holds what was said.

my $work = $parley->sql("SELECT LOWER(HEX(id)) FROM work_done WHERE kind ="
    . " 'analyse' AND result LIKE '%Ada%' LIMIT 1");
my $path = "/v1/workflows/$work";
is($parley->get($path)->data->{result}{variables}{name}, 'Ada',
    'the workflow shows it');
is($parley->with_scopes('conversations:read')->get($path)->data->{result},
    undef, 'but not to a key that may not read conversations');

# --- What is refused.

my $before = $parley->state('api_key');
for ([ { %asked, schema_id => undef }, 'INVALID_PARAMETER /schema_id',
	'null is no schema' ],
    [ { conversation_id => $talk }, 'MISSING_REQUIRED_FIELDS /schema_id',
	'a schema is needed' ],
    [ { schema_id => $schema }, 'MISSING_REQUIRED_FIELDS /conversation_id',
	'a conversation is needed' ],
    [ { conversation_id => $talk, goal => 'x', questions => [ [ 'Who?',
	'string' ] ] }, 'INVALID_PARAMETER /questions',
	'questions in place of a schema are not understood' ],
    [ { %asked, schema_id => $nobody },
	'CITATION_SCHEMA_NOT_FOUND /schema_id', 'a schema must be there' ],
    [ { %asked, conversation_id => $nobody },
	'CONVERSATION_NOT_FOUND /conversation_id',
	'a conversation must be there' ]) {
	my ($body, $faults, $name) = @$_;
	is($parley->post($analyze, $body)->faults, $faults, $name);
}
is($stranger->post($analyze, \%asked)->faults,
    'CITATION_SCHEMA_NOT_FOUND /schema_id', "another account's is not there");
is($parley->with_scopes('conversations:read')->post($analyze, \%asked)
    ->status, 403, 'it needs conversations:manage');
is($parley->state('api_key'), $before, 'nothing is written');
$model->stop;

done_testing;
