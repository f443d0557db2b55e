#!/usr/bin/perl
# /v1/secrets: values go in and never come out.
use v5.30;
use warnings;

use Parley::Test;

my $parley = Parley::Test->new;
my $stranger = $parley->another_account;
my $secrets = '/v1/secrets';
my $time = qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
my $hush = 'hush-0123456789';
my @said;

sub save {
	my $answer = $parley->post($secrets, @_);
	push @said, $answer->content;
	return $answer;
}

# --- Kept and listed.

is_deeply($parley->get($secrets)->json, { data => [], errors => undef },
    'there is none at first');
my $answer = save({ name => 'crm_key', value => $hush });
is($answer->status, 200, 'a secret is kept');
my $one = $answer->data;
is_deeply([ sort keys %$one ], [ qw(created_at id name updated_at) ],
    'and shown without its value');
is($one->{name}, 'crm_key', 'by its name');
like($one->{$_}, $time, "with $_") for qw(created_at updated_at);
my $again = save({ name => 'CRM_KEY', value => "$hush-new" })->data;
is_deeply([ @$again{qw(id name created_at)} ],
    [ @$one{qw(id name created_at)} ],
    'the same name, in any case, gets the new value');
save({ name => 'a', value => $hush });
is_deeply([ map { $_->{name} } @{ $parley->get($secrets)->data } ],
    [ qw(a crm_key) ], 'they are listed by name');
push @said, $parley->get($secrets)->content;
is_deeply($stranger->get($secrets)->data, [],
    'another account sees none of them');

# --- Under a key.

my @twice = map { save({ name => 'k', value => $hush },
    { 'Idempotency-Key' => 'k' }) } 1, 2;
is($twice[1]->content, $twice[0]->content,
    'under a key the answer comes twice');
is(save({ name => 'k', value => "$hush!" }, { 'Idempotency-Key' => 'k' })
    ->status, 422, 'another value under it is refused');

# --- What is refused.

my @bad = (
	[ { value => $hush }, 'MISSING_REQUIRED_FIELDS /name' ],
	[ { name => 'x' }, 'MISSING_REQUIRED_FIELDS /value' ],
	[ { name => 'a-b', value => $hush }, 'INVALID_PARAMETER /name' ],
	[ { name => '', value => $hush }, 'INVALID_PARAMETER /name' ],
	[ { name => 'x' x 65, value => $hush }, 'INVALID_PARAMETER /name' ],
	[ { name => 'x', value => '' }, 'INVALID_PARAMETER /value' ],
	[ { name => 'x', value => 'x' x 8193 },
	    'INVALID_PARAMETER /value' ],
	[ { name => 'x', value => [ $hush ] }, 'INVALID_PARAMETER /value' ],
);
for (@bad) {
	my ($body, $fault) = @$_;
	$answer = save($body);
	is($answer->status . ' ' . $answer->faults, "400 $fault",
	    "$fault is said");
}
for my $odd ('nobody', 'a-b', '0190b0a0-0000-7000-8000-000000000001') {
	$answer = $parley->delete("$secrets/$odd");
	is($answer->status . ' ' . $answer->faults, '404 SECRET_NOT_FOUND',
	    "$odd is no secret");
}
is($stranger->delete("$secrets/crm_key")->status, 404,
    "another account's is not there");
my $reader = $parley->with_scopes('tools:read');
is($reader->get($secrets)->status, 200, 'tools:read may list them');
is($reader->post($secrets, { name => 'x', value => 'x' })->status, 403,
    'but not give one');
is($reader->delete("$secrets/a")->status, 403, 'nor delete one');
is($parley->with_scopes('webhooks:manage')->get($secrets)->status, 403,
    'others may not even look');
is(@{ $parley->get($secrets)->data }, 3, 'nothing came of those');

# --- Deleted.

is($parley->delete("$secrets/CRM_key")->data->{message},
    'The secret is deleted: tools that name it fail',
    'one is deleted by its name');
my ($k) = grep { $_->{name} eq 'k' } @{ $parley->get($secrets)->data };
is($parley->delete("$secrets/$k->{id}")->status, 200, 'or by its id');
is_deeply([ map { $_->{name} } @{ $parley->get($secrets)->data } ], [ 'a' ],
    'the others stay');

# --- Nowhere in clear.

my $stored = join "\n", map { $parley->sql("SELECT * FROM $_") }
    qw(secret idempotency);
is((grep { index($_, $hush) >= 0 } @said, $stored, $parley->api->log), 0,
    'no value is anywhere in clear');

done_testing;
