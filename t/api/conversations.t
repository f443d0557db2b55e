#!/usr/bin/perl
# GET /v1/sms/conversations: pages, order and filters.
use v5.30;
use warnings;

use JSON::PP ();
use Parley::Test;

my $parley = Parley::Test->new;
my $list = '/v1/sms/conversations';
my $account = $parley->id =~ s/-//gr;

sub asked {
	my (%query) = @_;
	return $parley->get($list . '?' . join '&', map { "$_=" . escaped(
	    $query{$_}) } sort keys %query);
}

sub escaped {
	my ($value) = @_;
	$value = JSON::PP->new->utf8->canonical->encode($value) if ref $value;
	return $value =~ s/([^\w.-])/sprintf '%%%02X', ord $1/ger;
}

# The last digits of the users whose conversations came, in order.
sub users {
	my (%query) = @_;
	my $answer = asked(pageSize => 100, sortBy => 'user_number',
	    sortDir => 'asc', %query);
	return join ' ', $answer->status, $answer->faults
	    if $answer->status != 200;
	return join ' ', map { substr $_->{user_number}, -2 }
	    @{ $answer->data };
}

# --- None yet.

is_deeply($parley->get($list)->json, { data => [], errors => undef, extra =>
    { pagination => { totalItems => 0, totalPages => 0, currentPage => 1,
    pageSize => 25 } } }, 'an empty list is a list');

# --- Ten conversations that differ in all that can be asked for.  Their
# times are set, so that they do not hang on how fast this runs.

$parley->cli(qw(number add --account), $parley->id, '--carrier',
    $parley->carrier, qw(--channels sms +15550001112));
for my $i (0 .. 9) {
	my %talk = (user_number => sprintf('+155520000%02d', $i),
	    agent_number => $i < 7 ? $parley->number : '+15550001112',
	    request_data => { plan => $i % 2 ? 'basic' : 'pro', n => $i });
	$parley->create(%talk, message => "message $_ of $i")
	    for 0 .. $i % 4;
}
for my $i (0 .. 9) {
	my $user = sprintf '+155520000%02d', $i;
	my $node = $i % 3 ? "'node-$i'" : 'NULL';
	my ($path, $version) = $i % 5 ? ("'path-" . ($i % 5) . "'",
	    "'v$i'") : ('NULL', 'NULL');
	my $end = $i == 8 ? "is_open = NULL, status = 'timeout', timed_out_at"
	    . " = '2026-03-01 00:00:00', ended_at = '2026-03-01'," : $i == 9 ?
	    "is_open = NULL, status = 'ended', ended_at = '2026-03-02'," : '';
	$parley->sql("UPDATE conversation SET $end node_id = $node,"
	    . " pathway_id = $path, pathway_version = $version,"
	    . " created_at = '2026-01-0" . ($i + 1 > 9 ? 9 : $i + 1)
	    . " 10:00:00.123456', updated_at = '2026-02-0"
	    . ($i > 8 ? 1 : 9 - $i) . " 00:00:00' WHERE user_key = '$user'");
}
my $stranger = $parley->another_account;
$stranger->create(user_number => '+15552000099');

my $all = '00 01 02 03 04 05 06 07 08 09';
is(users(), $all, 'all of the account are listed, and no other');
my ($row) = @{ asked(sortBy => 'user_number', sortDir => 'asc')->data };
is_deeply([ sort keys %$row ], [ sort qw(id created_at updated_at user_id
    user_number agent_number variables current_node_id curr_pathway_id
    curr_pathway_version timed_out_at ended_at is_active status
    effective_channel message_count last_message last_message_at time_out
    timeout_message warning_time warning_message objective pathway_tags
    summary citation_variables disposition_tag human_handoff_at human_handoff_reason
    human_handoff_metadata metadata) ], 'a row has all its members');
is($row->{created_at}, '2026-01-01T10:00:00.123Z', 'times are as they are');
is($row->{last_message}, 'message 0 of 0', 'the last message is shown');
is_deeply($row->{variables}, { plan => 'pro', n => 0 }, 'with variables');
is(asked(filters => [ { field => 'user_number', operator => 'endsWith',
    value => '07' } ])->data->[0]{last_message}, 'message 3 of 7',
    'of four messages it is the last');

# --- Pages.

my @pages = map { [ map { substr $_->{user_number}, -2 } @{ asked(page => $_,
    pageSize => 4, sortBy => 'user_number', sortDir => 'asc')->data } ] }
    1 .. 4;
is_deeply(\@pages, [ [ qw(00 01 02 03) ], [ qw(04 05 06 07) ],
    [ qw(08 09) ], [] ], 'pages follow one another');
is_deeply(asked(page => 3, pageSize => 4)->json->{extra}{pagination},
    { totalItems => 10, totalPages => 3, currentPage => 3, pageSize => 4 },
    'and say where they are');
is_deeply(asked()->json->{extra}{pagination}, { totalItems => 10,
    totalPages => 1, currentPage => 1, pageSize => 25 },
    '25 are a page if nothing is said');
is(asked(pageSize => 100)->status, 200, 'a page may have 100');
for ([ pageSize => 101 ], [ pageSize => 0 ], [ pageSize => -1 ],
    [ pageSize => 'x' ], [ pageSize => '' ], [ pageSize => 1.5 ],
    [ page => 0 ], [ page => -1 ], [ page => 'one' ],
    [ page => '99999999999999999999' ], [ sortBy => 'id' ],
    [ sortBy => 'created_at; DROP TABLE message' ], [ sortBy => '' ],
    [ sortDir => 'up' ], [ sortDir => 'ASC' ]) {
	my ($name, $value) = @$_;
	my $answer = asked($name => $value);
	is($answer->status, 400, "$name=$value: 400");
	is($answer->faults, "INVALID_PARAMETER /$name",
	    "$name=$value: it is named");
}
is(asked(page => 0, pageSize => 0, sortBy => 'x')->faults, join(', ', map {
    "INVALID_PARAMETER /$_" } qw(page pageSize sortBy)),
    'all that is bad is named at once');
is(asked(page => 5, pagesize => 3)->json->{warnings}[0]{field}, '/pagesize',
    'a parameter that is unknown is warned of');

# --- Order.  Where values are the same, any order will do that is the same
# every time.

my %value = (
	created_at => sub { $_[0]{created_at} },
	updated_at => sub { $_[0]{updated_at} },
	user_number => sub { $_[0]{user_number} },
	agent_number => sub { $_[0]{agent_number} },
	is_active => sub { $_[0]{is_active} ? 1 : 0 },
	message_count => sub { $_[0]{message_count} },
	curr_pathway_id => sub { $_[0]{curr_pathway_id} // '' },
	curr_pathway_version => sub { $_[0]{curr_pathway_version} // '' },
	timed_out_at => sub { $_[0]{timed_out_at} // '' },
);
for my $field (sort keys %value) {
	for my $direction (qw(asc desc)) {
		my %query = (sortBy => $field, sortDir => $direction);
		my $rows = asked(%query)->data;
		my @got = map { $value{$field}->($_) } @$rows;
		my @sorted = sort @got;
		@sorted = reverse @sorted if $direction eq 'desc';
		is("@got", "@sorted", "sorted by $field, $direction");
		my @paged = map { @{ asked(%query, page => $_,
		    pageSize => 3)->data } } 1 .. 4;
		is(join(' ', map { $_->{id} } @paged), join(' ', map {
		    $_->{id} } @$rows), "$field, $direction: in pages too");
	}
}
is_deeply([ map { $_->{id} } @{ asked()->data } ], [ map { $_->{id} }
    @{ asked(sortBy => 'created_at', sortDir => 'desc')->data } ],
    'the newest come first if nothing is said');

# --- Filters: every field with every operator.

my ($true, $false) = (JSON::PP::true, JSON::PP::false);
my @filters = (
	[ created_at => eq => '2026-01-03T10:00:00.123456Z', '02' ],
	[ created_at => contains => '2026-01-03', '02' ],
	[ created_at => startsWith => '2026-01', $all ],
	[ created_at => endsWith => 'Z', $all ],
	[ created_at => gt => '2026-01-08T12:00:00+00:00', '08 09' ],
	[ created_at => gte => '2026-01-08T10:00:00.123456Z', '07 08 09' ],
	[ created_at => lt => '2026-01-02T10:00:00.123456Z', '00' ],
	[ created_at => lte => '2026-01-02T12:00:00.123456+02:00', '00 01' ],
	[ updated_at => eq => '2026-02-09T00:00:00Z', '00' ],
	[ updated_at => contains => '-02-09', '00' ],
	[ updated_at => startsWith => '2026-02-08', '01' ],
	[ updated_at => endsWith => '00:00.000Z', $all ],
	[ updated_at => gt => '2026-02-08T00:00:00Z', '00' ],
	[ updated_at => gte => '2026-02-08T00:00:00Z', '00 01' ],
	[ updated_at => lt => '2026-02-02T00:00:00Z', '08 09' ],
	[ updated_at => lte => '2026-02-02T00:00:00Z', '07 08 09' ],
	[ user_number => eq => '+15552000004', '04' ],
	[ user_number => contains => '00000', '00 01 02 03 04 05 06 07 08 09' ],
	[ user_number => startsWith => '+1555200000', $all ],
	[ user_number => endsWith => '9', '09' ],
	[ user_number => gt => '+15552000007', '08 09' ],
	[ user_number => gte => '+15552000007', '07 08 09' ],
	[ user_number => lt => '+15552000001', '00' ],
	[ user_number => lte => '+15552000001', '00 01' ],
	[ agent_number => eq => '+15550001112', '07 08 09' ],
	[ agent_number => contains => '1112', '07 08 09' ],
	[ agent_number => startsWith => '+1555000111', $all ],
	[ agent_number => endsWith => '2', '07 08 09' ],
	[ agent_number => gt => '+15550001111', '07 08 09' ],
	[ agent_number => gte => '+15550001112', '07 08 09' ],
	[ agent_number => lt => '+15550001112', '00 01 02 03 04 05 06' ],
	[ agent_number => lte => '+15550001111', '00 01 02 03 04 05 06' ],
	[ is_active => eq => $true, '00 01 02 03 04 05 06 07' ],
	[ is_active => eq => 'false', '08 09' ],
	[ is_active => contains => 'al', '08 09' ],
	[ is_active => startsWith => 't', '00 01 02 03 04 05 06 07' ],
	[ is_active => endsWith => 'e', $all ],
	[ is_active => gt => $false, '00 01 02 03 04 05 06 07' ],
	[ is_active => gte => $true, '00 01 02 03 04 05 06 07' ],
	[ is_active => lt => $true, '08 09' ],
	[ is_active => lte => $false, '08 09' ],
	[ message_count => eq => 2, '01 05 09' ],
	[ message_count => eq => '2', '01 05 09' ],
	[ message_count => contains => '4', '03 07' ],
	[ message_count => startsWith => '1', '00 04 08' ],
	[ message_count => endsWith => '3', '02 06' ],
	[ message_count => gt => 3, '03 07' ],
	[ message_count => gte => 3, '02 03 06 07' ],
	[ message_count => lt => 1.5, '00 04 08' ],
	[ message_count => lte => 2, '00 01 04 05 08 09' ],
	[ variables => contains => 'basic', '01 03 05 07 09' ],
	[ variables => contains => '"n":7', '07' ],
	[ variables => startsWith => '{"', $all ],
	[ variables => endsWith => '}', $all ],
	[ variables => eq => undef, '' ],
	[ current_node_id => eq => 'node-4', '04' ],
	[ current_node_id => eq => undef, '00 03 06 09' ],
	[ current_node_id => contains => 'ode-', '01 02 04 05 07 08' ],
	[ current_node_id => startsWith => 'node-1', '01' ],
	[ current_node_id => endsWith => '8', '08' ],
	[ current_node_id => gt => 'node-5', '07 08' ],
	[ current_node_id => gte => 'node-5', '05 07 08' ],
	[ current_node_id => lt => 'node-2', '01' ],
	[ current_node_id => lte => 'node-2', '01 02' ],
	[ curr_pathway_id => eq => 'path-3', '03 08' ],
	[ curr_pathway_id => eq => undef, '00 05' ],
	[ curr_pathway_id => contains => '-4', '04 09' ],
	[ curr_pathway_id => startsWith => 'path-1', '01 06' ],
	[ curr_pathway_id => endsWith => '2', '02 07' ],
	[ curr_pathway_id => gt => 'path-3', '04 09' ],
	[ curr_pathway_id => gte => 'path-3', '03 04 08 09' ],
	[ curr_pathway_id => lt => 'path-2', '01 06' ],
	[ curr_pathway_id => lte => 'path-2', '01 02 06 07' ],
	[ curr_pathway_version => eq => 'v3', '03' ],
	[ curr_pathway_version => eq => undef, '00 05' ],
	[ curr_pathway_version => contains => 'v', '01 02 03 04 06 07 08 09' ],
	[ curr_pathway_version => startsWith => 'v9', '09' ],
	[ curr_pathway_version => endsWith => '6', '06' ],
	[ curr_pathway_version => gt => 'v7', '08 09' ],
	[ curr_pathway_version => gte => 'v7', '07 08 09' ],
	[ curr_pathway_version => lt => 'v2', '01' ],
	[ curr_pathway_version => lte => 'v2', '01 02' ],
	[ timed_out_at => eq => '2026-03-01T00:00:00Z', '08' ],
	[ timed_out_at => eq => undef, '00 01 02 03 04 05 06 07 09' ],
	[ timed_out_at => contains => '2026', '08' ],
	[ timed_out_at => startsWith => '2026-03', '08' ],
	[ timed_out_at => endsWith => 'Z', '08' ],
	[ timed_out_at => gt => '2026-02-28T00:00:00Z', '08' ],
	[ timed_out_at => gte => '2026-03-01T00:00:00Z', '08' ],
	[ timed_out_at => lt => '2026-03-01T00:00:00.001Z', '08' ],
	[ timed_out_at => lte => '2026-03-01T00:00:00Z', '08' ],
	# What means something in SQL is text here.
	[ user_number => contains => '%', '' ],
	[ user_number => contains => '_', '' ],
	[ current_node_id => startsWith => 'node_4', '' ],
	[ current_node_id => endsWith => '\\', '' ],
	[ variables => contains => "' OR 1=1 --", '' ],
	[ current_node_id => eq => 'NODE-4', '' ],
	[ current_node_id => contains => 'NODE', '' ],
	[ current_node_id => contains => '', '01 02 04 05 07 08' ],
);
for (@filters) {
	my ($field, $operator, $value, $wanted) = @$_;
	is(users(filters => [ { field => $field, operator => $operator,
	    value => $value } ]), $wanted, "$field $operator "
	    . ($value // 'null'));
}
is(users(filters => [ { field => 'message_count', operator => 'gte',
    value => 2 }, { field => 'is_active', operator => 'eq', value => $true },
    { field => 'variables', operator => 'contains', value => 'basic' } ]),
    '01 03 05 07', 'all of several have to hold');
is_deeply(asked(pageSize => 2, filters => [ { field => 'is_active',
    operator => 'eq', value => $true } ])->json->{extra}{pagination},
    { totalItems => 8, totalPages => 4, currentPage => 1, pageSize => 2 },
    'the pages are those of what was found');
is(users(filters => []), $all, 'no filter finds all');
is(users(filters => ''), $all, 'nor does an empty text filter');

# --- Bad filters.

my $filter = { field => 'user_number', operator => 'eq', value => 'x' };
for ([ 'no JSON', '{[' ], [ 'an object', {} ], [ 'a text', '"x"' ],
    [ 'an array of texts', [ 'x' ] ], [ 'an empty one', [ {} ] ],
    [ 'no value', [ { field => 'is_active', operator => 'eq' } ] ],
    [ 'an unknown field', [ { %$filter, field => 'id' } ] ],
    [ 'a field of SQL', [ { %$filter, field => 'user_key' } ] ],
    [ 'a field that is none', [ { %$filter, field => 1 } ] ],
    [ 'an unknown operator', [ { %$filter, operator => 'like' } ] ],
    [ 'an operator in capitals', [ { %$filter, operator => 'EQ' } ] ],
    [ 'an unknown member', [ { %$filter, not => $true } ] ],
    [ 'a value that is an array', [ { %$filter, value => [] } ] ],
    [ 'a value that is an object', [ { %$filter, value => {} } ] ],
    [ 'null with another operator', [ { %$filter, operator => 'gt',
	value => undef } ] ],
    [ 'a time that is none', [ { field => 'created_at', operator => 'gt',
	value => 'yesterday' } ] ],
    [ 'a number that is none', [ { field => 'message_count',
	operator => 'eq', value => 'two' } ] ],
    [ 'a boolean that is none', [ { field => 'is_active', operator => 'eq',
	value => 'maybe' } ] ],
    [ 'seventeen of them', [ ($filter) x 17 ] ],
    [ 'a good one and a bad one', [ $filter, { %$filter, field => '' } ] ]) {
	my ($name, $filters) = @$_;
	my $answer = asked(filters => $filters);
	is($answer->status, 400, "$name: 400");
	like($answer->faults, qr{^INVALID_FILTER /filters\b},
	    "$name: INVALID_FILTER");
}
is(users(filters => [ ($filter) x 16 ]), '', 'sixteen are taken');

done_testing;
