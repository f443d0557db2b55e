#!/usr/bin/perl
# /v2/tools and /v1/tools: two ways to the same tools.
use v5.30;
use warnings;

use JSON::PP ();
use Parley::Test;

my $parley = Parley::Test->new(environment =>
    { PARLEY_NET_ALLOW => '127.0.0.0/8' });
my $stranger = $parley->another_account;
my ($true, $false) = (JSON::PP::true, JSON::PP::false);
my ($v2, $v1) = ('/v2/tools', '/v1/tools');
my $time = qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
my $uuid = qr/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;
my $nobody = 'TL-0190b0a0-0000-7000-8000-000000000001';
my %new = (name => 'Order state', description => 'Tells where an order is.',
    integration => 'rest_api', action => 'get',
    url => 'https://orders.example.test/{{input.id}}',
    input_schema => { type => 'object', properties =>
    { id => { type => 'string' } }, required => [ 'id' ] },
    headers => { 'X-Key' => '{{SECRET.KEY}}' }, timeout => 5000,
    response_data => [ { name => 'state', data => '$.state' } ]);
my %old = (name => 'BookAppointment', description => 'Books it.',
    url => 'https://book.example.test/', method => 'POST',
    body => { slot => '{{input}}' }, timeout => 99999999,
    input_schema => { type => 'object', properties =>
    { date => 'YYYY-MM-DD' }, required => [ 'date' ] },
    response => { message => '$.message' });

# --- /v2

is_deeply($parley->get($v2)->json, { status => 'success', errors => undef,
    data => { tools => [], pagination => { page => 1, limit => 50,
    hasMore => $false, nextPage => undef } } }, 'there is none at first');
my $answer = $parley->post($v2, { %new });
is($answer->status, 200, 'a tool is made');
my $id = $answer->data->{id};
is_deeply($answer->json, { status => 'success', data => { id => $id },
    errors => undef }, 'and its id is told');
like($id, qr/^TL-$uuid$/, 'which has its prefix');
$answer = $parley->get("$v2/$id");
my $shown = $answer->data;
like(delete $shown->{created_at}, $time, 'it is shown with its time');
is_deeply($shown, { %new, id => $id }, 'and as it was given');
is($parley->get("$v2/" . $id =~ s/^TL-//r)->data->{id}, $id,
    'the prefix may be left out');
is_deeply($parley->post("$v2/$id", { timeout => 9000, label => 'L' })->json,
    { status => 'success', data => { id => $id }, errors => undef },
    'a tool is changed');
$shown = $parley->get("$v2/$id")->data;
delete $shown->{created_at};
is_deeply($shown, { %new, id => $id, timeout => 9000, label => 'L' },
    'in what was given, and nothing else');
$answer = $parley->post($v2, { %new, colour => 'red', max_retrys => 1 });
is_deeply([ map { $_->{field} } @{ $answer->json->{warnings} } ],
    [ '/colour', '/max_retrys' ], 'what is not known is warned about');
is($parley->get("$v2/" . $answer->data->{id})->data->{colour}, 'red',
    'and kept');
$parley->delete("$v2/" . $answer->data->{id});

# --- /v1

$answer = $parley->post($v1, { %old });
is($answer->status, 200, 'an old one is made');
my $older = $answer->json->{tool_id};
is_deeply($answer->json, { status => 'success', tool_id => $older },
    'and its id told in the old way');
is_deeply($parley->get("$v1/$older")->json, { status => 'success', tool =>
    { %old, tool_id => $older, label => undef, public => $false,
    tool => { %old } } }, 'it is shown as it was given, twice over');
is_deeply([ map { $_->{tool_id} } @{ $parley->get($v1)->json->{tools} } ],
    [ $older, $id ], 'both sorts are listed, newest first');
is($parley->get("$v1/$id")->json->{tool}{tool}{method}, 'GET',
    'a newer one is shown in the old way');
is_deeply([ @{ $parley->get("$v2/$older")->data }{qw(integration action
    name)} ], [ 'rest_api', 'post', 'BookAppointment' ],
    'and an old one in the newer');
is($parley->post("$v1/$older", { speech => 'One moment' })->json->{tool_id},
    $older, 'an old one is changed');
is_deeply($parley->get("$v1/$older")->json->{tool}{tool},
    { %old, speech => 'One moment' }, 'in what was given');
my %short = map { $_ => $old{$_} } qw(name description url);
is($parley->put("$v1/$older", { %short })->status, 200, 'or replaced');
$short{method} = 'GET';
is_deeply($parley->get("$v1/$older")->json->{tool}{tool}, { %short },
    'as a whole');
is($parley->post("$v1/$older", $parley->get("$v1/$older")->json->{tool})
    ->status, 200, 'what was shown may be sent back');
is_deeply($parley->get("$v1/$older")->json->{tool}{tool}, { %short,
    label => undef, public => $false }, 'and changes nothing of it');

# --- Pages.

$answer = $parley->get("$v2?limit=1")->data;
is_deeply($answer->{pagination}, { page => 1, limit => 1,
    hasMore => $true, nextPage => 2 }, 'a page says that there is another');
is($answer->{tools}[0]{id}, $older, 'the newest comes first');
$answer = $parley->get("$v2?limit=1&page=2")->data;
is_deeply($answer->{pagination}, { page => 2, limit => 1,
    hasMore => $false, nextPage => undef }, 'the last that there is none');
is($answer->{tools}[0]{id}, $id, 'then come the others');
for (qw(page=0 limit=0 limit=1001 page=x)) {
	is($parley->get("$v2?$_")->faults, 'INVALID_PARAMETER /'
	    . s/=.*//r, "$_ is refused");
}

# --- What is refused.

my @bad = (
	[ $v2, { integration => 'slack' }, 'INVALID_TOOL_TYPE /integration' ],
	[ $v2, { integration => 'mine' },
	    'INTEGRATION_NOT_FOUND /integration' ],
	[ $v2, { action => 'send' }, 'ACTION_NOT_FOUND /action' ],
	[ $v2, { resource_id => 'r' }, 'RESOURCE_NOT_FOUND /resource_id' ],
	[ $v2, { name => 'wait' }, 'INVALID_PARAMETER /name' ],
	[ $v2, { name => ' ' }, 'INVALID_PARAMETER /name' ],
	[ $v2, { timeout => 999 }, 'INVALID_PARAMETER /timeout' ],
	[ $v2, { timeout => 60001 }, 'INVALID_PARAMETER /timeout' ],
	[ $v2, { max_retries => 5 }, 'INVALID_PARAMETER /max_retries' ],
	[ $v2, { cooldown => 31 }, 'INVALID_PARAMETER /cooldown' ],
	[ $v2, { url => 'http://orders.example.test/' },
	    'INVALID_PARAMETER /url' ],
	[ $v2, { url => 'https://{{host}}/' }, 'INVALID_PARAMETER /url' ],
	[ $v2, { url => undef }, 'MISSING_REQUIRED_FIELDS /url' ],
	[ $v2, { input_schema => { type => 'array' } },
	    'INVALID_PARAMETER /input_schema/type' ],
	[ $v2, { input_schema => { properties => { a => { type => 'x' } } } },
	    'INVALID_PARAMETER /input_schema/properties/a/type' ],
	[ $v2, { response_data => [ { name => 'a', data => '$..b' } ] },
	    'INVALID_PARAMETER /response_data/0/data' ],
	[ $v1, { method => 'HEAD' }, 'INVALID_PARAMETER /method' ],
	[ $v1, { response => { a => 1 } }, 'INVALID_PARAMETER /response/a' ],
	[ $v1, { name => 'Transfer' }, 'INVALID_PARAMETER /name' ],
	[ $v1, { body => 1 }, 'INVALID_PARAMETER /body' ],
);
for (@bad) {
	my ($path, $change, $fault) = @$_;
	my %base = $path eq $v2 ? %new : %old;
	my $status = $fault =~ /^RESOURCE/ ? 404 : 400;
	$answer = $parley->post($path, { %base, %$change });
	is($answer->status . ' ' . $answer->faults, "$status $fault",
	    "$fault of $path");
	my $at = $path eq $v2 ? $id : $older;
	is($parley->post("$path/$at", $change)->faults, $fault,
	    'also when it is changed');
}
for my $field (qw(name description integration action)) {
	my %less = %new;
	delete $less{$field};
	is($parley->post($v2, \%less)->faults,
	    "MISSING_REQUIRED_FIELDS /$field", "$field is required");
}
like($parley->post($v2, { %new, action => 'send' })->json->{detail},
    qr/Available actions: get, post, put, patch or delete/,
    'what there is, is listed');
is($parley->post($v2, { %new, colour => 'x' x 65536 })->status, 400,
    'one that is too large is refused');
for my $path ($v1, $v2) {
	for my $odd ('nonsense', $nobody) {
		my @answers = ($parley->get("$path/$odd"),
		    $parley->post("$path/$odd", { label => 'x' }),
		    $parley->delete("$path/$odd"));
		is(join(' ', map { $_->status . $_->faults } @answers),
		    join(' ', ('404TOOL_NOT_FOUND') x 3),
		    "$odd is no tool below $path");
	}
	my @answers = ($stranger->get("$path/$id"),
	    $stranger->post("$path/$id", { label => 'x' }),
	    $stranger->delete("$path/$id"));
	is(join(' ', map { $_->status } @answers), '404 404 404',
	    "another account's is not there");
}
is_deeply($stranger->get($v1)->json->{tools}, [], 'nor listed');
my $reader = $parley->with_scopes('tools:read');
is($reader->get("$_/$id")->status, 200, "tools:read may look at $_")
    for $v1, $v2;
is($reader->post($v2, { %new })->status, 403, 'but not make one');
is($reader->post("$v1/$id", {})->status, 403, 'nor change one');
is($reader->delete("$v2/$id")->status, 403, 'nor delete one');
is($parley->sql('SELECT COUNT(*) FROM tool'), 2,
    'nothing came of those');

# --- Numbers refer to them.

is($parley->post('/v1/sms/number/update', { phone_number => $parley->number,
    tools => [ $id, 'BookAppointment' ] })->status, 200,
    'a number may have them, by id and by name');
my @twice = map { $parley->post($v2, { %new, name => 'Twice' },
    { 'Idempotency-Key' => 'twice' }) } 1, 2;
is($twice[1]->content, $twice[0]->content,
    'under a key the same answer comes twice');
is($parley->sql("SELECT COUNT(*) FROM tool WHERE name = 'Twice'"), 1,
    'of one tool');
is_deeply($parley->delete("$v2/$id")->json, { status => 'success',
    data => { message => 'Tool has been deleted.' }, errors => undef },
    'a tool is deleted');
is_deeply($parley->delete("$v1/$older")->json, { status => 'success',
    message => 'Tool has been deleted.' }, 'or in the old way');
is($parley->get("$v2/$id")->status, 404, 'and is gone');
is($parley->post('/v1/sms/number/update', { phone_number => $parley->number,
    tools => [ $id ] })->faults, 'TOOL_NOT_FOUND /tools/0',
    'a number cannot be given it any more');

done_testing;
