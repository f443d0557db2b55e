#!/usr/bin/perl
# The official client of the API works unchanged: each of its commands, run
# from its npm package, exits 0 and prints what is stored.
use v5.30;
use warnings;

use Parley::Bland;
use Parley::Test;

my $parley = Parley::Test->new;
my $bland = Parley::Bland->new($parley);
my $user = '+15550002222';
my $agent = $parley->number;

# --- Who asks.

my $me = $bland->json('auth', 'whoami', '--json');
is($me->{account}{id}, $parley->id, 'auth whoami: whose key it is');
my $said = $bland->run('auth', 'login', '--key', $parley->key, '--base-url',
    'http://127.0.0.1:' . $parley->port);
like($said, qr/^\s*Status +active$/m, 'auth login: the key is good');
like($bland->run('auth', 'whoami'), qr/^\s*Balance +\$0\.00$/m,
    'auth whoami: nobody is billed');
ok(!eval { Parley::Bland->new($parley, 'wrong')->run('sms', 'list') },
    'with a wrong key it fails');
like($@, qr/Invalid API key/, 'and says so');

# --- Texts.

my $sent = $bland->json('sms', 'send', $user, '--from', $agent, '--message',
    'Hello from afar', '--json');
is($sent->{status}, 'processing', 'sms send: it is accepted');
my $id = $sent->{conversation_id};
like($bland->run('sms', 'get', $id), qr/Agent: Hello from afar$/,
    'sms get: what was said');
is_deeply([ map { $_->{id} } @{ $bland->json('sms', 'list') } ], [ $id ],
    'sms conversations: the conversation');
is($bland->json('sms', 'get', $id, '--json')->{user_number}, $user,
    'sms get: with whom');
like($bland->run('sms', 'send', $user, '--message', 'Once more'),
    qr/^$/, 'sms send: from the only number');
like($bland->run('sms', 'get', $id), qr/Agent: Once more$/,
    'in the same conversation');

# --- Tools.

my $made = $bland->json('tool', 'create', '--name', 'slots', '--description',
    'Free slots of a day', '--url', 'https://example.com/slots', '--method',
    'GET', '--headers', '{"X-Shop":"7"}', '--query', '{"day":"{{input.day}}"}',
    '--input-schema', '{"type":"object","properties":{"day":'
    . '{"type":"string"}}}', '--response', '{"slots":"$.slots"}', '--speech',
    'One moment', '--timeout', '5000', '--label', 'Slots', '--json');
my $tool = $made->{tool_id};
like($tool, qr/^TL-/, 'tool create: it has an id');
my $shown = substr $tool, 0, 38;
like($bland->run('tool', 'list'), qr{^\Q$shown\E +slots +Slots +GET https}m,
    'tool list: it is there');
$said = $bland->run('tool', 'get', $tool);
like($said, qr/^\s*$_->[0] +\Q$_->[1]\E$/m, "tool get: $_->[0]")
    for [ ID => $tool ], [ Name => 'slots' ], [ Label => 'Slots' ],
    [ Description => 'Free slots of a day' ], [ Method => 'GET' ],
    [ URL => 'https://example.com/slots' ], [ Timeout => '5000ms' ],
    [ Speech => 'One moment' ];
my $before = $bland->json('tool', 'get', $tool, '--json')->{tool};
$bland->run('tool', 'update', $tool, '--description', 'Free slots');
my $after = $bland->json('tool', 'get', $tool, '--json')->{tool};
is($after->{description}, 'Free slots', 'tool update: what is given');
is_deeply([ @$after{qw(headers query input_schema response speech timeout)} ],
    [ @$before{qw(headers query input_schema response speech timeout)} ],
    'and nothing else');
$bland->run('tool', 'update', $tool, '--no-merge', '--label', 'Times');
is($bland->json('tool', 'get', $tool, '--json')->{tool}{label}, 'Times',
    'tool update --no-merge: what is given alone');
$bland->run('tool', 'delete', $tool);
is_deeply($bland->json('tool', 'list', '--json'), [],
    'tool delete: it is gone');

# --- Citation schemas.

my $schema = $bland->json('citation', 'create', '--name', 'Lead',
    '--description', 'Who they are', '--schema', '{"variables":[{"name":'
    . '"city","description":"Where","type":"string"}]}', '--json')->{id};
like($bland->run('citation', 'list'), qr/^\Q$schema\E +Lead +Who they are/m,
    'citation list: what was made');
is($bland->json('citation', 'get', $schema)->{schema}{variables}[0]{name},
    'city', 'citation get: its schema');
$bland->run('citation', 'update', $schema, '--name', 'Buyer');
is($bland->json('citation', 'get', $schema)->{name}, 'Buyer',
    'citation update: another name');
is($bland->json('citation', 'list', '--json')->[0]{id}, $schema,
    'citation list --json');
$bland->run('citation', 'delete', $schema);
is_deeply($bland->json('citation', 'list', '--json'), [],
    'citation delete: it is gone');

# --- Secrets.

$bland->run('secret', 'set', 'crm', 'hush-0123456789');
like($bland->run('secret', 'list'), qr/^\s*crm \w{3} \d+, \d{4}/m,
    'secret list: the name');
is($bland->json('secret', 'list', '--json')->[0]{name}, 'crm',
    'secret list --json');
$bland->run({ input => "y\n" }, 'secret', 'delete', 'crm');
is_deeply($bland->json('secret', 'list', '--json'), [],
    'secret delete: it is gone');

# --- What is refused is told.

ok(!eval { $bland->run(@$_) }, "@$_: fails") && like($@, qr/$_->[-1]/,
    'and names what is missing')
    for [ 'sms', 'get', 'no-such' ], [ 'tool', 'get', 'TL-no-such' ],
    [ 'citation', 'get', 'no-such' ];

done_testing;
