#!/usr/bin/perl
# /v1/citation_schemas, and extracting from conversations of before.
use v5.30;
use warnings;

use JSON::PP ();
use Parley::Model;
use Parley::Test;

my $model = Parley::Model->new;
my $parley = Parley::Test->new(worker => 1,
    environment => { $model->environment });
my $stranger = $parley->another_account;
my $schemas = '/v1/citation_schemas';
my $nobody = '0190b0a0-0000-7000-8000-000000000001';
my %rules = (
    variables => [ map({ { description => undef, options => undef, %$_ } }
	{ name => 'plan', type => 'category', options => [ 'gold',
	    'basic' ] }, { name => 'seats', type => 'number' },
	{ name => 'names', type => 'array' }) ],
    groupings => [ { name => 'order', variables => [ 'plan', 'seats' ],
	description => 'what is bought' } ],
    conditions => [ { condition => { variable => 'plan', operator => '===',
	value => 'gold' }, variables => [ 'seats' ] } ]);

# --- Make, show, change.

my $answer = $parley->post("$schemas/", { name => 'Order',
    description => 'An order', schema => \%rules });
is($answer->status, 200, 'a citation schema is added');
my $made = $answer->json->{data};
is_deeply($answer->json, { status => 200, errors => undef, data => {
    id => $made->{id}, name => 'Order', description => 'An order',
    org_id => $parley->id, schema => \%rules,
    created_at => $made->{created_at} } }, 'and shown as it was given');
my $one = "$schemas/?id=$made->{id}";
is_deeply($parley->get($one)->json, $answer->json, 'it is shown again');
is_deeply($parley->get("$schemas?id=$made->{id}")->json, $answer->json,
    'the slash may be left out');
is_deeply($parley->get("$schemas/list")->json, { status => 200,
    errors => undef, data => [ $made ] }, 'and listed');
is($parley->patch($one, { name => 'Sale' })->json->{data}{name}, 'Sale',
    'a name is changed');
is_deeply($parley->get($one)->json->{data}{schema}, \%rules,
    'which leaves the rest');
$answer = $parley->patch($one, { schema => { variables => [ { name =>
    'city' } ] } });
is_deeply($answer->json->{data}{schema}, { variables => [ { name => 'city',
    type => 'string', description => undef, options => undef } ],
    groupings => [], conditions => [] }, 'a schema is replaced whole');
is($parley->patch($one, {})->status, 400, 'a change must change something');

# --- What is refused.

my @odd = (
    [ { variables => [ { name => 'a', type => 'date' } ] },
	'/schema/variables/0/type' ],
    [ { variables => [ { type => 'string' } ] },
	'/schema/variables/0/name' ],
    [ { variables => [ ({ name => 'a' }) x 2 ] },
	'/schema/variables/1/name' ],
    [ { variables => [ { name => 'a', type => 'category' } ] },
	'/schema/variables/0/options' ],
    [ { variables => [ { name => 'a', options => [ 'x' ] } ] },
	'/schema/variables/0/options' ],
    [ { groupings => [ { name => 'g', variables => [ 'no' ] } ] },
	'/schema/groupings/0/variables/0' ],
    [ { variables => [ { name => 'a' } ], conditions => [ { condition =>
	{ variable => 'no', operator => '===', value => 'x' },
	variables => [ 'a' ] } ] },
	'/schema/conditions/0/condition/variable' ],
    [ { variables => [ { name => 'a' } ], conditions => [ { condition =>
	{ variable => 'a', operator => 'like', value => 'x' },
	variables => [ 'a' ] } ] },
	'/schema/conditions/0/condition/operator' ],
);
for (@odd) {
	my ($schema, $field) = @$_;
	my $answer = $parley->post("$schemas/", { name => 'x',
	    schema => $schema });
	is($answer->status, 400, "a wrong $field is 400");
	like($answer->faults, qr/ \Q$field\E$/, 'which names it');
	is($parley->patch($one, { schema => $schema })->status, 400,
	    'also in a change');
}
is($parley->post("$schemas/", {})->faults, 'MISSING_REQUIRED_FIELDS /name',
    'a name is needed');
is($parley->request(@$_)->faults, 'MISSING_REQUIRED_FIELDS /id',
    "$_->[0] needs an id") for [ GET => "$schemas/" ],
    [ PATCH => "$schemas/", { name => 'x' } ], [ DELETE => "$schemas/" ];
is($stranger->request(@$_)->faults, 'CITATION_SCHEMA_NOT_FOUND /id',
    "$_->[0] finds none of another account") for [ GET => $one ],
    [ PATCH => $one, { name => 'x' } ], [ DELETE => $one ];
is($parley->with_scopes('agents:read')->post("$schemas/", { name => 'x' })
    ->status, 403, 'adding one needs agents:manage');

# --- Extracting from conversations of before.

my @talks = map { $parley->create(user_number => "+155570000$_",
    message => "I live in Rome $_")->data->{conversation_id} } 1 .. 3;
my $theirs = $stranger->create->data->{conversation_id};
my $backfill = "$schemas/backfill";
sub found {
	my ($city, $words) = @_;
	return { text => { variables => { city => $city }, citations =>
	    [ { variable => 'city', message => $words, confidence => 1 } ] } };
}
$model->answer({ %{ found('Rome', 'Rome 1') }, when => 'Rome 1' });
$answer = $parley->post($backfill, { schema_id => $made->{id},
    conversation_id => $talks[0] });
is_deeply($answer->json, { status => 200, errors => undef, data => {
    status => 'complete', call_count => 0, conversation_count => 1,
    schema_count => 1, conversations => [ { conversation_id => $talks[0],
	status => 'success', variables_extracted => 1,
	previous_variables => {}, newly_extracted_variables =>
	    { city => 'Rome' }, final_variables => { city => 'Rome' },
	error => undef } ] } }, 'a conversation is asked, and answered for');
is_deeply($parley->get("/v1/sms/conversations/$talks[0]")->data
    ->{citation_variables}, { city => 'Rome' }, 'and keeps what was found');

$model->answer({ text => { variables => { seats => 4 }, citations => [] },
    when => 'Rome 1' });
$answer = $parley->post($backfill, { schema => { variables => [ { name =>
    'seats', type => 'number' } ] }, conversation_ids => [ $talks[0] ] });
is_deeply([ @{ $answer->json->{data}{conversations}[0] }
    {qw(previous_variables final_variables)} ], [ { city => 'Rome' },
    { city => 'Rome', seats => 4 } ], 'what was there before stays');

my %key = ('Idempotency-Key' => 'once');
my %again = (schema_id => $made->{id}, conversation_ids => [ $nobody,
    $talks[0] ]);
$model->answer({ %{ found('Bonn', 'Rome 1') }, when => 'Rome 1' });
my @twice = map { $parley->post($backfill, \%again, \%key) } 1, 2;
is($twice[1]->content, $twice[0]->content,
    'a replayed key answers the same');
is($twice[1]->header('idempotency-replayed'), 'true', 'and says so');
is_deeply([ map { "$_->{conversation_id} $_->{status}" }
    @{ $twice[1]->json->{data}{conversations} } ], [ "$nobody error",
    "$talks[0] success" ], 'of each conversation');
$again{conversation_ids} = [ $nobody ];
@twice = map { $parley->post($backfill, \%again,
    { 'Idempotency-Key' => 'none' }) } 1, 2;
is($twice[1]->content, $twice[0]->content, 'also where there is none');

$parley->sql("DELETE FROM message WHERE conversation_id = UNHEX('"
    . ($talks[2] =~ s/-//gr) . "')");
$model->answer({ %{ found('Oslo', 'x') }, when => 'Rome 2' });
$answer = $parley->post($backfill, { schema_ids => [ $made->{id}, $nobody ],
    conversation_ids => [ @talks[1, 2], $theirs, 'x', $talks[1] ] });
is_deeply([ map { "$_->{status} " . ($_->{error} // '') =~ s/:.*//sr }
    @{ $answer->json->{data}{conversations} } ], [ 'success ', 'skipped ',
    ('error CONVERSATION_NOT_FOUND') x 2 ],
    'each has its own status, and what is named twice is asked once');
is($answer->json->{data}{schema_count}, 1, 'a schema that is gone is left out');

for ([ {}, 'MISSING_REQUIRED_FIELDS /schema_id', 'a schema' ],
    [ { schema_id => $made->{id} },
	'MISSING_REQUIRED_FIELDS /conversation_ids', 'a conversation' ],
    [ { schema_id => $made->{id}, schema_ids => [ $made->{id} ],
	conversation_ids => [ $talks[0] ] }, 'INVALID_PARAMETER /schema',
	'one sort of schema' ],
    [ { schema_id => $made->{id}, call_id => 'c' },
	'INVALID_PARAMETER /call_id', 'no call' ],
    [ { schema_id => $made->{id}, call_ids => [ 'c' ],
	conversation_ids => [ $talks[0] ] }, 'INVALID_PARAMETER /call_ids',
	'no calls' ],
    [ { schema_id => $nobody, conversation_ids => [ $talks[0] ] },
	'NO_RESOLVABLE_SCHEMAS', 'a schema that is there' ],
    [ { schema_id => $made->{id}, conversation_ids =>
	[ map { sprintf 'c%d', $_ } 1 .. 51 ] },
	'INVALID_PARAMETER /conversation_ids', 'at most 50' ]) {
	my ($body, $faults, $name) = @$_;
	is($parley->post($backfill, $body)->faults, $faults,
	    "a backfill takes $name");
}
is($model->left, 0, 'those asked no model');
is($parley->delete($one)->status, 200, 'a citation schema is deleted');
is($parley->get($one)->status, 404, 'then it is gone');
$model->stop;

done_testing;
