#!/usr/bin/perl
# /v1/outcomes: definitions in versions.
use v5.30;
use warnings;

use JSON::PP ();
use Parley::Test;

my $parley = Parley::Test->new;
my $stranger = $parley->another_account;
my $outcomes = '/v1/outcomes';
my $time = qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
my $nobody = '0190b0a0-0000-7000-8000-000000000001';
my %booked = (name => 'Booked', description => 'Was a day agreed on?',
    fields => [ { name => 'booked', type => 'boolean',
	description => 'a day was named' }, { name => 'day',
	type => 'string', description => undef } ],
    tag => { name => 'BOOKED', color => '#0a0', condition => {
	variable => 'booked', operator => '===', value => 'true' } });

is_deeply($parley->get($outcomes)->data, [], 'there is none at first');
my $answer = $parley->post($outcomes, \%booked);
is($answer->status, 201, 'an outcome is added');
my $made = $answer->data;
like($made->{$_}, $time, "it has $_") for qw(created_at updated_at);
is_deeply($made, { %booked, version => 1, map { $_ => $made->{$_} }
    qw(id created_at updated_at) }, 'and is shown as it was given');
is_deeply($parley->get("$outcomes/$made->{id}")->data, $made,
    'it is shown again like that');
is_deeply($parley->get($outcomes)->data, [ $made ], 'and listed');
is($parley->post('/v1/sms/number/update', { phone_number => $parley->number,
    outcome_ids => [ $made->{id} ] })->status, 200,
    'a number may refer to it');

# --- Versions.

my $one = "$outcomes/$made->{id}";
$answer = $parley->patch($one, { name => 'Sold' });
is_deeply([ @{ $answer->data }{qw(name version description)} ],
    [ 'Sold', 2, $booked{description} ],
    'a change of one field is the next version');
is($parley->patch($one, { name => 'Sold' })->data->{version}, 2,
    'what changes nothing is none');
is($parley->patch($one, { tag => undef })->data->{tag}, undef,
    'a tag may go');
is_deeply($parley->patch($one, { fields => [ { name => 'x', type =>
    'number' } ] })->data->{fields}, [ { name => 'x', type => 'number',
    description => undef } ], 'fields are replaced whole');
my $versions = $parley->get("$one/versions")->data;
is_deeply([ map { "$_->{version} $_->{name} " . @{ $_->{fields} } }
    @$versions ], [ '4 Sold 1', '3 Sold 2', '2 Sold 2', '1 Booked 2' ],
    'every version stays as it was, newest first');
is($parley->get($one)->data->{version}, 4, 'the present one is the last');

# --- What is refused.

for ([ { name => undef }, '/name' ], [ { name => ' ' }, '/name' ],
    [ { name => 'x' x 256 }, '/name' ], [ { fields => [] }, '/fields' ],
    [ { fields => [ { name => 'a' } ] }, '/fields/0/type' ],
    [ { fields => [ { name => 'a', type => 'array' } ] },
	'/fields/0/type' ],
    [ { fields => [ { type => 'string' } ] }, '/fields/0/name' ],
    [ { fields => [ ({ name => 'a', type => 'string' }) x 2 ] },
	'/fields/1/name' ],
    [ { tag => 'BOOKED' }, '/tag' ], [ { tag => {} }, '/tag/name' ],
    [ { tag => { name => 'a', color => 'green' } }, '/tag/color' ],
    [ { tag => { name => 'a', condition => { variable => 'no',
	operator => '===', value => 'x' } } }, '/tag/condition/variable' ],
    [ { tag => { name => 'a', condition => { variable => 'booked',
	operator => '=', value => 'x' } } }, '/tag/condition/operator' ]) {
	my ($odd, $field) = @$_;
	for ([ POST => $outcomes, { %booked, %$odd } ],
	    [ PATCH => $one, $odd ]) {
		next if $_->[0] eq 'PATCH' && $field =~ /condition.variable/;
		my $answer = $parley->request(@$_);
		is($answer->status, 400, "$_->[0] with a wrong $field is 400");
		like($answer->faults, qr/ \Q$field\E$/, 'which names it');
	}
}
for my $field (qw(name fields)) {
	my %less = %booked;
	delete $less{$field};
	is($parley->post($outcomes, \%less)->faults,
	    "MISSING_REQUIRED_FIELDS /$field", "$field is needed");
}
for my $who ($stranger, $parley) {
	my $odd = $who == $parley ? $nobody : $made->{id};
	is($who->request(@$_)->faults, 'OUTCOME_NOT_FOUND',
	    "$_->[0] $_->[1] finds none of ours")
	    for [ GET => "$outcomes/$odd" ], [ DELETE => "$outcomes/$odd" ],
	    [ PATCH => "$outcomes/$odd", {} ],
	    [ GET => "$outcomes/$odd/versions" ];
}
is($parley->with_scopes('agents:read')->post($outcomes, \%booked)->status,
    403, 'adding one needs agents:manage');
is($parley->with_scopes('conversations:manage')->get($outcomes)->status, 403,
    'and reading agents:read');
is($parley->sql('SELECT COUNT(*) FROM outcome_version'), 4,
    'no version came of those');

# --- Gone.

is($parley->delete($one)->status, 200, 'an outcome is deleted');
is($parley->get($one)->status, 404, 'then it is gone');
is($parley->sql('SELECT COUNT(*) FROM outcome_version'), 0,
    'with its versions');

done_testing;
