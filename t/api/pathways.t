#!/usr/bin/perl
# /v1/pathway and /v1/convo_pathway: two ways to the same pathways.
use v5.30;
use warnings;

use JSON::PP ();
use Parley::Test;

my $parley = Parley::Test->new;
my $stranger = $parley->another_account;
my ($true, $false) = (JSON::PP::true, JSON::PP::false);
my ($doc, $convo) = ('/v1/pathway', '/v1/convo_pathway');
my $uuid = qr/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
my $time = qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
my $nobody = '0190b0a0-0000-7000-8000-000000000001';

# A graph that can run, with what only an editor understands.
sub graph {
	my ($text) = @_;
	return (nodes => [ { id => '1', type => 'Default', width => 320,
	    position => { x => 0, y => -1.5 }, data => { name => 'Start',
	    isStart => $true, prompt => $text, tag => undef,
	    dialogueExamples => [ { 'Conversation History' =>
	    '[{"role":"user"}]' } ] } },
	    { id => 'bye', type => 'End Call', data => { name => 'Bye',
	    prompt => "Bye \x{e9}/\"" } },
	    { globalConfig => { globalPrompt => 'Be brief.' } } ],
	    edges => [ { id => 'e1', source => '1', target => 'bye',
	    data => { label => 'done', isHighlighted => $false } } ]);
}

# The same with a start from which no edge leads anywhere.
sub broken {
	my %graph = graph('x');
	$graph{edges}[0]{target} = 'nowhere';
	return %graph;
}

sub make {
	my ($name, %more) = @_;
	return $parley->post("$doc/create", { name => $name, %more })
	    ->json->{pathway_id};
}

# --- Made, shown, changed.

is_deeply($parley->get($doc)->json, [], 'there is none at first');
my $answer = $parley->post("$doc/create", { name => 'Book',
    description => 'Books a day.' });
is($answer->status, 200, 'a pathway is made');
my $id = $answer->json->{pathway_id};
like($id, $uuid, 'with an id');
is_deeply($answer->json, { status => 'success', pathway_id => $id },
    'which is told');
is_deeply($parley->get("$doc/$id")->json, { name => 'Book',
    description => 'Books a day.', nodes => [], edges => [] },
    'its draft is empty');
my %one = graph('one');
is_deeply($parley->post("$doc/$id", { %one })->json, { status => 'success',
    message => 'Pathway updated successfully', pathway_data => {
    pathway_id => $id, name => 'Book', description => 'Books a day.', %one } },
    'the draft is written');
is_deeply($parley->get("$doc/$id")->json, { name => 'Book',
    description => 'Books a day.', %one },
    'and comes back member for member');
is($parley->post("$doc/$id", '{"nodes":[{"z":1,"id":"1","a":{"y":2,"b":1e2}}]}')
    ->status, 200, 'nodes can be written without edges');
like($parley->get("$doc/$id")->content,
    qr/\Q"nodes":[{"z":1,"id":"1","a":{"y":2,"b":1\E(?:e2|00)/,
    'members stay in their order');
is_deeply($parley->get("$doc/$id")->json->{edges}, $one{edges},
    'and what is not given stays');
$parley->post("$doc/$id", { name => 'Booking', description => undef });
is_deeply([ @{ $parley->get("$doc/$id")->json }{qw(name description)} ],
    [ 'Booking', undef ], 'a name is changed and a description taken away');
$parley->post("$doc/$id", { %one });

# --- Versions.

$answer = $parley->post("$doc/$id/version", { name => 'first', %one })->json;
like($answer->{data}{id}, $uuid, 'a version has an id');
like($answer->{data}{created_at}, $time, 'and a time');
my $version_id = $answer->{data}{id};
is_deeply([ @{ $answer->{data} }{qw(name version_number)}, $answer->{status} ],
    [ 'first', 1, 'success' ], 'a name and a number');
my %two = graph('two');
$answer = $parley->post("$convo/create-version", { pathway_id => $id, %two })
    ->json->{data};
is_deeply([ @$answer{qw(name version_number revision_number)} ],
    [ 'Version 2', 2, 1 ], 'the next has the next number, and a name too');
is_deeply($parley->get("$doc/$id")->json->{nodes}, $two{nodes},
    'the draft follows the newest version');
is_deeply([ map { [ @$_{qw(version_number name is_latest is_production
    is_staging is_prev_published)} ] } @{ $parley->get("$doc/$id/versions")
    ->json } ], [ [ 2, 'Version 2', $true, ($false) x 3 ],
    [ 1, 'first', ($false) x 4 ] ], 'they are listed, newest first');
for my $word (1, 'first', $version_id) {
	is_deeply($parley->get("$doc/$id/version/$word")->json, {
	    name => 'first', version_number => 1, is_latest => $false, %one },
	    "one is shown by $word");
}
is($parley->get("$doc/$id/version/0")->json->{version_number}, 0,
    'version 0 is the draft while nothing is live');
my %three = graph('three');
is_deeply($parley->post("$doc/$id/version/1", { name => 'one', %three })
    ->json, { status => 'success', version_number => 1, revision_number => 2,
    message => 'Pathway version updated successfully' },
    'a version is written');
is_deeply($parley->get("$doc/$id")->json->{nodes}, $two{nodes},
    'an older one without the draft');
$parley->post("$convo/update", { id => $id, version_number => 2, %three });
is_deeply($parley->get("$doc/$id")->json->{nodes}, $three{nodes},
    'the newest with it');
is($parley->post("$convo/create-version", { pathway_id => $id,
    source_version_id => 1 })->json->{data}{version_number}, 3,
    'a version is made of another');
$parley->post("$doc/$id", { graph('draft') });
is($parley->post("$convo/create-version", { pathway_id => $id })
    ->json->{data}{version_number}, 4, 'or of the draft');
is($parley->get("$doc/$id/version/4")->json->{nodes}[0]{data}{prompt},
    'draft', 'as it is');

# --- A revision that was changed meanwhile.

my %write = (id => $id, version_number => 4, graph('again'));
$answer = $parley->post("$convo/update", { %write, revision_number => 1 });
is($answer->json->{revision_number}, 2, 'each write counts its revision up');
$answer = $parley->post("$convo/update", { %write, revision_number => 1 });
is($answer->status . ' ' . $answer->faults,
    '409 PATHWAY_REVISION_CHANGED /revision_number',
    'who has an old revision is refused');
is($parley->post("$convo/update?force=true", { %write,
    revision_number => 1 })->json->{revision_number}, 3,
    'unless it is to be written all the same');

# --- Published.

is_deeply($parley->post("$doc/$id/publish", { version_id => 4 })->json,
    { message => 'Version 4 published to production' }, 'one is published');
$answer = $parley->get("$convo/$id")->data;
like($answer->{published_at}, $time, 'which is told');
is_deeply([ @$answer{qw(id production_version_number
    staging_version_number latest_version_number version_number)} ],
    [ $id, 4, undef, 4, 0 ], 'with its number');
is($parley->get("$doc/$id/version/0")->json->{version_number}, 4,
    'version 0 is now the one that is live');
is($parley->post("$convo/publish", { id => $id, version_number => 2,
    environment => 'staging' })->status, 200, 'another is staged');
my %at = map { $_->{version_number} => join '', map { $_ ? 1 : 0 }
    @$_{qw(is_production is_staging is_prev_published)} }
    @{ $parley->get("$convo/$id/versions")->json };
is_deeply(\%at, { 4 => '101', 3 => '000', 2 => '010', 1 => '000' },
    'the list says which is where');
is($parley->post("$doc/$id/publish", { version_id => '3' })->status, 200,
    'another is published');
for my $number (3, 4) {
	is($parley->post("$convo/update", { %write,
	    version_number => $number })->faults,
	    'PATHWAY_VERSION_PUBLISHED /version_number',
	    "version $number, which is or was live, stays as it is");
}
is($parley->post("$convo/update", { %write, version_number => 2 })->status,
    200, 'one in staging may be written');
$answer = $parley->post("$convo/update", { id => $id, version_number => 2,
    broken() });
is($answer->status, 400, 'but it stays one that can run');
$parley->post("$convo/create-version", { pathway_id => $id, broken() });
$answer = $parley->post("$doc/$id/publish", { version_id => 5 });
is($answer->status, 400, 'one that cannot run is not published');
cmp_ok(@{ $answer->json->{errors} }, '>', 1, 'every fault is told');
like($answer->faults, qr{^INVALID_NODE /edges/0}, 'with its place');
my $leads = $parley->post("$doc/create", { name => 'Leads' })
    ->json->{pathway_id};
$parley->post("$convo/create-version", { pathway_id => $leads, nodes => [
    { id => 'go', type => 'Transfer Pathway', data => { isStart => $true,
    name => 'Go', transferPathwayId => 'nowhere' } } ], edges => [] });
$answer = $parley->post("$doc/$leads/publish", { version_id => 1 });
is($answer->status . ' ' . $answer->faults, '400 INVALID_NODE /nodes/0',
    'nor is one that leads to a pathway that is not there');
$parley->delete("$doc/$leads");
is($parley->get("$convo/$id")->data->{production_version_number}, 3,
    'and what was live stays so');

# --- What is worked on after that.

$parley->delete("$doc/$id/version/5");
my %later = graph('later');
$parley->post("$convo/update", { id => $id, version_number => 2, %later });
is_deeply($parley->get("$convo/$id")->data->{nodes}, $later{nodes},
    'the draft follows the newest that was never in production');

# --- Archived.

is($parley->delete("$doc/$id/version/1")->json->{status}, 'success',
    'a version is archived');
is($parley->get("$doc/$id/version/1")->faults, 'PATHWAY_VERSION_NOT_FOUND',
    'and then gone');
is(join(' ', map { $_->{version_number} }
    @{ $parley->get("$doc/$id/versions")->json }), '4 3 2',
    'from the list too');
is($parley->post("$convo/create-version", { pathway_id => $id })
    ->json->{data}{version_number}, 6, 'no number is used again');

# --- As Bland's client reads it.

my %flat = (nodes => $one{nodes}, edges => [ { id => 'e1', source => '1',
    target => 'bye', label => 'done', description => 'Ends.' },
    { id => 'e2', label => 'x', data => { label => 'y', name => 'z' } } ]);
my $flat = make('Flat', %flat);
is_deeply($parley->get("$doc/$flat")->json->{edges}, $flat{edges},
    'labels beside data are kept beside it');
is_deeply($parley->get("$convo/$flat")->data->{edges}, [ { %{ $flat{edges}[0] },
    data => { label => 'done', description => 'Ends.' } }, $flat{edges}[1] ],
    'and shown to the client within it as well');
$answer = $parley->post("$convo/get_one", { id => $id,
    version_number => 2 })->data->{data};
is_deeply([ @$answer{qw(name version_number)} ], [ 'Booking', 2 ],
    'one version is shown as the client expects it');
is($parley->post("$convo/get_one", { id => $id })->data->{data}
    {version_number}, 0, 'or else the draft');
$answer = $parley->post("$convo/duplicate", { pathwayID => $flat,
    name => 'Twin' })->json;
is_deeply($answer, { status => 'success', id => $answer->{id},
    pathway_id => $answer->{id}, name => 'Twin' }, 'a pathway is duplicated');
is_deeply($parley->get("$doc/$answer->{id}")->json, { name => 'Twin',
    description => undef, %flat }, 'with its draft');
is_deeply($parley->get("$doc/$answer->{id}/versions")->json, [],
    'and without versions');
is($parley->get("$convo/" . $parley->post("$convo/duplicate",
    { pathway_id => $flat })->json->{id})->data->{name}, 'Copy of Flat',
    'a copy needs no name');

$answer = $parley->post("$convo/create", { name => 'Theirs' })->json;
is_deeply($answer, { status => 'success',
    pathway_id => $answer->{pathway_id} }, 'a pathway is made');
my $theirs = $answer->{pathway_id};
is_deeply($parley->post("$convo/$theirs", { %one })->json->{pathway_data},
    { pathway_id => $theirs, name => 'Theirs', description => undef, %one },
    'and its draft written');
is_deeply($parley->delete("$doc/$theirs")->json, { status => 'success',
    message => 'Pathway deleted' }, 'and deleted');

# --- Lists.

my @list = @{ $parley->get($convo)->data };
is(join(' ', map { $_->{name} } @list), 'Copy of Flat Twin Flat Booking',
    'the newest come first');
ok(!exists $list[0]{nodes}, 'the short list is without documents');
is_deeply([ map { $_->{edges} } @{ $parley->get($doc)->json }[2] ],
    [ $flat{edges} ], 'the long one has them');
$answer = $parley->get("$convo?limit=3");
is(@{ $answer->data }, 3, 'a page has as many as asked for');
is($answer->header('link'), "<$convo?page=2&limit=3>; rel=\"next\"",
    'and leads to the next');
$answer = $parley->get("$convo?limit=3&page=2");
is_deeply([ scalar @{ $answer->data }, $answer->header('link') ],
    [ 1, undef ], 'which is the last');
is($parley->get("$_->[0]?$_->[1]")->faults, "INVALID_PARAMETER $_->[2]",
    "$_->[0]?$_->[1] is refused") for [ $doc, 'limit=101', '/limit' ],
    [ $convo, 'limit=1001', '/limit' ], [ $convo, 'page=0', '/page' ];

# --- Folders.

my $folders = "$doc/folders";
my $top = $parley->post($folders, { name => 'Top' })->json;
is_deeply($top, { id => $top->{id}, name => 'Top',
    parent_folder_id => undef }, 'a folder is made');
my $sub = $parley->post($folders, { name => 'Sub',
    parent_folder_id => $top->{id} })->json;
is_deeply($parley->get($folders)->json, { folders => [ $sub, $top ] },
    'folders are listed by name');
is($parley->post("$folders/move", { pathway_id => $id,
    folder_id => $sub->{id} })->json->{status}, 'success',
    'a pathway is put into one');
is_deeply([ map { $_->{id} } @{ $parley->get("$folders/$sub->{id}/pathways")
    ->json->{pathways} } ], [ $id ], 'and is then in it');
is($parley->get("$convo/$id")->data->{folder_id}, $sub->{id},
    'which it says');
for ([ $top, 'a folder' ], [ $sub, 'a pathway' ]) {
	my $answer = $parley->delete("$folders/$_->[0]{id}");
	is($answer->status . ' ' . $answer->faults,
	    '409 PATHWAY_FOLDER_IN_USE', "one with $_->[1] in it stays");
}
is_deeply($parley->patch("$folders/$sub->{id}", { name => 'Own',
    parent_folder_id => undef })->json, { id => $sub->{id}, name => 'Own',
    parent_folder_id => undef }, 'one is renamed and moved');
is($parley->patch("$folders/$_->[0]{id}", { parent_folder_id => $_->[1] })
    ->faults, "$_->[2] /parent_folder_id", $_->[3]) for
    [ $top, $top->{id}, 'INVALID_PARAMETER', 'none is within itself' ],
    [ $top, $nobody, 'PATHWAY_FOLDER_NOT_FOUND', 'or in none that is there' ];
$parley->post("$folders/move", { pathway_id => $id, folder_id => undef });
is($parley->delete("$folders/$_->{id}")->json->{status}, 'success',
    'an empty one is deleted') for $top, $sub;
is_deeply($parley->get($folders)->json, { folders => [] }, 'then it is gone');
my ($parent, $deep);
for (1 .. 11) {
	$answer = $parley->post($folders, { name => "folder $_",
	    parent_folder_id => $parent });
	$deep = $_ - 1, last if $answer->status != 200;
	$parent = $answer->json->{id};
}
is($deep, 10, 'folders are so deep and no deeper');

# --- Who is in it.

$parley->post('/v1/sms/number/update', { phone_number => $parley->number,
    pathway_id => $id });
my $talk = $parley->create(curr_pathway_id => $id,
    current_node_id => 'bye')->data->{conversation_id};
$answer = $parley->delete("$doc/$id");
is($answer->status . ' ' . $answer->faults, '409 PATHWAY_IN_USE',
    'one that is in use is not deleted');
my $one_talk = 'active conversations: 1)';
like($answer->json->{detail}, qr/: \Q@{[ $parley->number ]}; $one_talk\E/,
    'and it says by whom');
$parley->post('/v1/sms/number/update', { phone_number => $parley->number,
    pathway_id => undef });
like($parley->delete("$convo/$id")->json->{detail}, qr/none; \Q$one_talk\E/,
    'not for a conversation alone either');
is($parley->delete("$convo/$id?force=true")->json->{status}, 'success',
    'unless that is wanted');
is($parley->get("$doc/$id")->faults, 'PATHWAY_NOT_FOUND', 'then it is gone');
is($parley->sql("SELECT COUNT(*) FROM pathway_version"
    . " WHERE pathway_id = '$id'"), 0, 'with all of its versions');
is($parley->delete("$convo/$flat")->json->{message}, 'Pathway deleted',
    'one that nobody is in goes at once');

# --- What is refused.

my $own = make('Own', graph('own'));
$parley->post("$doc/$own/version", { name => 'v', graph('own') });
my %graph = graph('x');
my @bad = (
	[ "$doc/create", {}, 'MISSING_REQUIRED_FIELDS /name' ],
	[ "$doc/create", { name => ' ' }, 'INVALID_PARAMETER /name' ],
	[ "$doc/create", { name => 'x' x 256 }, 'INVALID_PARAMETER /name' ],
	[ "$doc/create", { name => 'x', nodes => {} },
	    'INVALID_PARAMETER /nodes' ],
	[ "$doc/create", { name => 'x', folder_id => $nobody },
	    'PATHWAY_FOLDER_NOT_FOUND /folder_id' ],
	[ "$doc/$own", { edges => 'x' }, 'INVALID_PARAMETER /edges' ],
	[ "$doc/$own", { folder_id => $nobody },
	    'PATHWAY_FOLDER_NOT_FOUND /folder_id' ],
	[ "$doc/$nobody", {}, 'PATHWAY_NOT_FOUND' ],
	[ "$doc/$own/version", { name => 'x', nodes => [] },
	    'MISSING_REQUIRED_FIELDS /edges' ],
	[ "$doc/$nobody/version", { name => 'x', %graph },
	    'PATHWAY_NOT_FOUND' ],
	[ "$doc/$own/version/9", { name => 'x', %graph },
	    'PATHWAY_VERSION_NOT_FOUND' ],
	[ "$doc/$own/publish", {}, 'MISSING_REQUIRED_FIELDS /version_id' ],
	[ "$doc/$own/publish", { version_id => 9 },
	    'PATHWAY_VERSION_NOT_FOUND /version_id' ],
	[ "$doc/$own/publish", { version_id => 0 },
	    'INVALID_PARAMETER /version_id' ],
	[ "$doc/$own/publish", { version_id => 1, environment => 'test' },
	    'INVALID_PARAMETER /environment' ],
	[ "$convo/create-version", {}, 'MISSING_REQUIRED_FIELDS /pathway_id' ],
	[ "$convo/create-version", { pathway_id => $nobody },
	    'PATHWAY_NOT_FOUND /pathway_id' ],
	[ "$convo/create-version", { pathway_id => $own,
	    source_version_id => 'x' },
	    'PATHWAY_VERSION_NOT_FOUND /source_version_id' ],
	[ "$convo/update", { id => $own },
	    'MISSING_REQUIRED_FIELDS /version_number' ],
	[ "$convo/update", { id => $nobody, version_number => 1 },
	    'PATHWAY_NOT_FOUND /id' ],
	[ "$convo/get_one", { id => $own, version_number => 9 },
	    'PATHWAY_VERSION_NOT_FOUND /version_number' ],
	[ "$convo/publish", { id => $own, version_number => 'staging' },
	    'PATHWAY_VERSION_NOT_FOUND /version_number' ],
	[ "$convo/duplicate", { pathwayID => $nobody },
	    'PATHWAY_NOT_FOUND /pathwayID' ],
	[ "$convo/$nobody", {}, 'PATHWAY_NOT_FOUND' ],
	[ "$folders/move", { pathway_id => $own, folder_id => $nobody },
	    'PATHWAY_FOLDER_NOT_FOUND /folder_id' ],
	[ "$folders/move", { pathway_id => $nobody, folder_id => undef },
	    'PATHWAY_NOT_FOUND /pathway_id' ],
	[ $folders, { name => '' }, 'INVALID_PARAMETER /name' ],
	[ $folders, { name => 'x', parent_folder_id => $nobody },
	    'PATHWAY_FOLDER_NOT_FOUND /parent_folder_id' ],
);
my $before = $parley->state('idempotency');
for (@bad) {
	my ($path, $body, $faults) = @$_;
	is($parley->post($path, $body)->faults, $faults,
	    "$faults of $path");
}
for ([ "$doc/$own/version/0", 'INVALID_PARAMETER' ],
    [ "$doc/$own/version/9", 'PATHWAY_VERSION_NOT_FOUND' ],
    [ "$doc/$nobody", 'PATHWAY_NOT_FOUND' ],
    [ "$folders/$nobody", 'PATHWAY_FOLDER_NOT_FOUND' ],
    [ "$folders/x", 'PATHWAY_FOLDER_NOT_FOUND' ]) {
	is($parley->delete($_->[0])->faults, $_->[1], "DELETE $_->[0]");
}
is($parley->state('idempotency'), $before, 'and nothing was changed');
$parley->post("$doc/$own/publish", { version_id => 1 });
$parley->post("$doc/$own/publish", { version_id => 1,
    environment => 'staging' });
$answer = $parley->delete("$doc/$own/version/1");
is($answer->status . ' ' . $answer->faults, '409 PATHWAY_VERSION_IN_USE',
    'what is live is not archived');

# --- Who may.

is_deeply($stranger->get($_->[0])->json, $_->[1], "$_->[0] is each one's own")
    for [ $doc, [] ], [ $folders, { folders => [] } ];
is($stranger->get("$doc/$own")->faults, 'PATHWAY_NOT_FOUND',
    'another account does not have it');
is($stranger->post("$convo/publish", { id => $own, version_number => 1 })
    ->faults, 'PATHWAY_NOT_FOUND /id', 'nor publishes it');
my $reader = $parley->with_scopes('pathways:read');
is($reader->get("$doc/$own")->status, 200, 'who may read reads');
is($reader->post("$convo/get_one", { id => $own })->status, 200,
    'in every way');
is($reader->$_->status, 403, 'and writes nothing') for
    sub { $_[0]->post("$doc/$own", {}) },
    sub { $_[0]->post("$convo/publish", { id => $own, version_number => 1 }) },
    sub { $_[0]->delete("$doc/$own") };
is($parley->with_scopes('tools:manage')->get($doc)->status, 403,
    'who may not does not read');

# --- Size.

my $big = 'x' x ((1 << 20) - 200);
my $large = make('Large', nodes => [ { id => '1', note => $big } ]);
is($parley->get("$doc/$large")->json->{nodes}[0]{note}, $big,
    'a document may be as large as a body');
is($parley->post("$doc/$large", { nodes => [ "$big$big" ] })->status, 413,
    'and no larger');

done_testing;
