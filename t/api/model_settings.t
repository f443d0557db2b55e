#!/usr/bin/perl
# /v1/model: which language model answers for an account.  Its key goes in and
# never comes out.
use v5.30;
use warnings;

use JSON::PP ();
use Parley::Test;

my $model = '/v1/model';
my $key = 'sk-of-an-account-0123456789';
my $url = 'https://models.example.test/v1';
my %good = (url => $url, model => 'large-1', key => $key);
my $parley = Parley::Test->new(environment => {
    PARLEY_NET_ALLOW => '127.0.0.0/8' });
my $stranger = $parley->another_account;
my $time = qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
my @said;

sub put {
	my $answer = $parley->put($model, @_);
	push @said, $answer->content;
	return $answer;
}

sub has {
	my ($who) = @_;
	my $answer = $who->get($model);
	push @said, $answer->content;
	return [ @{ $answer->data }{qw(source url model has_key)} ];
}
my ($true, $false) = (JSON::PP::true, JSON::PP::false);

# --- None, and the account's own.

my $nothing = $parley->get($model);
is($nothing->status, 200, 'it may be asked which model answers');
is_deeply($nothing->data, { source => 'none', url => undef, model => undef,
    has_key => $false, updated_at => undef }, 'none, at first');
my $answer = put({ %good });
is($answer->status, 200, 'an account chooses its own');
like(delete $answer->data->{updated_at}, $time, 'at a time');
is_deeply($answer->data, { source => 'account', url => $url,
    model => 'large-1', has_key => $true }, 'and is shown all but the key');
is_deeply(has($parley), [ 'account', $url, 'large-1', $true ],
    'which is shown again like that');
is_deeply(has($stranger), [ 'none', undef, undef, $false ],
    'while another account has none');
is($stranger->delete($model)->faults, 'MODEL_NOT_FOUND',
    'which cannot be forgotten either');

# --- A key is for the server that it was given for.

is_deeply(put({ url => $url, model => 'large-2' })->data->{has_key}, $true,
    'another model of the same server has the same key');
my %elsewhere = (url => 'https://elsewhere.example.test/v1', model => 'x');
my $before = $parley->state;
$answer = put({ %elsewhere });
is($answer->status, 400, 'another server has not');
is($answer->faults, 'MISSING_REQUIRED_FIELDS /key', 'it is said so');
is($parley->state, $before, 'and nothing is changed');
is_deeply(put({ %elsewhere, key => undef })->data->{has_key}, $false,
    'unless it needs none');
is_deeply(put({ %good, model => 'large-3' })->data->{has_key}, $true,
    'or is given one');
is_deeply(put({ url => $url, model => 'x', key => undef })->data->{has_key},
    $false, 'null takes it away');
is_deeply(put({ %elsewhere })->data->{has_key}, $false,
    'without one any server will do');
is(put({ %good, url => 'http://127.0.0.1:9/v1' })->status, 200,
    'where the operator allows it also by http');

# --- What is refused.

my $reader = $parley->with_scopes('agents:read');
my $other = $parley->with_scopes('pathways:manage');
$before = $parley->state;
for ([ { url => undef }, 'url' ], [ { url => '' }, 'url' ],
    [ { url => 'models.example.test' }, 'url' ], [ { url => 5 }, 'url' ],
    [ { url => 'http://models.example.test/v1' }, 'url' ],
    [ { url => 'https://u:p@models.example.test/v1' }, 'url' ],
    [ { url => "$url?version=1" }, 'url' ], [ { url => "$url#x" }, 'url' ],
    [ { model => undef }, 'model' ], [ { model => ' ' }, 'model' ],
    [ { model => 'x' x 256 }, 'model' ], [ { model => [] }, 'model' ],
    [ { key => '' }, 'key' ], [ { key => 'x' x 1025 }, 'key' ],
    [ { key => "a\nb" }, 'key' ], [ { key => 'a b' }, 'key' ],
    [ { key => { a => 1 } }, 'key' ]) {
	my ($bad, $field) = @$_;
	my $answer = put({ %good, %$bad });
	my $name = substr(JSON::PP->new->encode($bad), 0, 50);
	is($answer->status, 400, "$name: 400");
	is($answer->faults, "INVALID_PARAMETER /$field", "$name: it is named");
}
is(put({})->faults, 'MISSING_REQUIRED_FIELDS /url, '
    . 'MISSING_REQUIRED_FIELDS /model', 'url and model are required');
is($reader->get($model)->status, 200, 'who may read agents may look');
for my $method (qw(PUT DELETE)) {
	is($reader->request($method, $model, { %good })->status, 403,
	    "$method: and no more");
}
is($other->get($model)->status, 403, 'others may not');
is($parley->state, $before, 'and nothing comes of those');

# --- The key is nowhere in clear.

is(put({ %good })->status, 200, 'a key is given');
push @said, put({ %good, model => '' })->content;
is((grep { index($_, $key) >= 0 } @said), 0, 'no answer shows it');
like($parley->sql('SELECT key_sealed FROM model_setting'),
    qr/^v1\.[A-Za-z0-9+\/]+=*$/, 'it is stored sealed');
is(index($parley->sql('SELECT * FROM model_setting'), $key), -1,
    'and only so');
is(index($parley->api->log, $key), -1, 'it is in no log');

# --- The deployment's.

$parley->restart(PARLEY_LLM_URL => 'http://10.0.0.1/v1',
    PARLEY_LLM_MODEL => 'ours', PARLEY_LLM_KEY => 'sk-ours');
is_deeply(has($parley), [ 'account', $url, 'large-1', $true ],
    "an account's own is before the deployment's");
is_deeply(has($stranger), [ 'deployment', undef, 'ours', $false ],
    'which others have; where it is they are not told');
$answer = $parley->delete($model);
is($answer->status, 200, 'a choice is forgotten');
is_deeply(has($parley), [ 'deployment', undef, 'ours', $false ],
    "then the deployment's answers");
is($parley->delete($model)->status, 404, 'it cannot be forgotten twice');

# --- Without a key file nothing is kept in clear: it is refused.

$parley->restart(PARLEY_SECRET_KEY_FILE => undef);
$before = $parley->state;
$answer = put({ %good });
is($answer->status, 503, 'without a key file a key is not taken');
is($answer->faults, 'SERVICE_UNAVAILABLE /key', 'it is said so');
is($parley->state, $before, 'and nothing is stored');
is(put({ %elsewhere })->status, 200, 'what needs none works');

done_testing;
