#!/usr/bin/perl
# /v1/inbound: the numbers as Bland's client has them.
use v5.30;
use warnings;

use Parley::Test;

my $parley = Parley::Test->new;
my $stranger = $parley->another_account;
my $number = $parley->number;
my $one = '/v1/inbound/' . $number =~ s/\+/%2B/r;

my $answer = $parley->get('/v1/inbound')->json;
is_deeply([ map { $_->{phone_number} } @{ $answer->{inbound_numbers} } ],
    [ $number ], 'numbers are listed');
is_deeply([ @{ $answer->{inbound_numbers}[0] }{qw(area_code pathway_id
    prompt)} ], [ '555', undef, 'Chat with the user' ],
    'with what they are to do');
is_deeply($parley->get($one)->json, $answer->{inbound_numbers}[0],
    'one is shown like that');
my $pathway = $parley->post('/v1/pathway/create', { name => 'x',
    nodes => [ { id => 'start' } ] })->json->{pathway_id};
$answer = $parley->post($one, { pathway_id => $pathway,
    start_node_id => 'start', prompt => 'Sell.', voice => 'nat',
    max_duration => 5 });
is($answer->status, 200, 'a number is changed');
is_deeply([ @{ $answer->json }{qw(pathway_id start_node_id prompt)} ],
    [ $pathway, 'start', 'Sell.' ], 'in what it does');
is_deeply([ map { $_->{field} } @{ $answer->json->{warnings} } ],
    [ '/max_duration', '/voice' ], 'what is only for calls is warned about');
$answer = $parley->get('/v1/sms/numbers')->data->[0]{sms_config};
is_deeply([ @$answer{qw(pathway_id objective)} ], [ $pathway, 'Sell.' ],
    'it is the same config');
is($parley->post($one, { timezone => 'Europe/Berlin' })->json->{prompt},
    'Sell.', 'what is not given stays');

my $before = $parley->state;
for ([ { pathway_id => 'none' }, 'PATHWAY_NOT_FOUND /pathway_id' ],
    [ { start_node_id => 'none' }, 'INVALID_NODE /start_node_id' ],
    [ { webhook => 'x' }, 'INVALID_PARAMETER /webhook' ],
    [ { timezone => 'Mars' }, 'INVALID_PARAMETER /timezone' ],
    [ { citation_schema_ids => [ 'none' ] },
	'CITATION_SCHEMA_NOT_FOUND /citation_schema_ids/0' ]) {
	is($parley->post($one, $_->[0])->faults, $_->[1], $_->[1]);
}
is($stranger->$_->faults, 'INBOUND_NUMBER_NOT_FOUND',
    'another account does not have it') for sub { $_[0]->get($one) },
    sub { $_[0]->post($one, { prompt => 'x' }) };
is($stranger->delete($one)->faults, 'PHONE_NUMBER_NOT_FOUND',
    'nor releases it');
is($parley->state, $before, 'and nothing was changed');
my $label = '/inbound/update_label';
my %named = (phoneNumber => $parley->number, newLabel => 'Support');
my $labelled = $parley->post($label, \%named);
is($labelled->status . $labelled->json->{label}, '200Support',
    'a label is set, where the client does it');
is($parley->get($one)->json->{label}, 'Support', 'and kept');
is($parley->post($label, { %named, newLabel => '' })->json->{label}, undef,
    'an empty one clears it');
is($parley->post($label, { newLabel => 'x' })->faults,
    'MISSING_REQUIRED_FIELDS /phoneNumber', 'of some number');
is($stranger->post($label, \%named)->faults,
    'INBOUND_NUMBER_NOT_FOUND /phoneNumber', 'of its own');
my $reader = $parley->with_scopes('phone_numbers:read');
is($reader->get($one)->status, 200, 'who may read reads');
is($reader->post($one, { prompt => 'x' })->status, 403, 'and writes nothing');
is($parley->delete($one)->status, 200, 'a number is released');
is($parley->get($one)->status, 404, 'then it is gone');

done_testing;
