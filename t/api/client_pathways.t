#!/usr/bin/perl
# A pathway's whole life by the official client: pushed, edited, published,
# pulled, duplicated, chatted with and deleted.
use v5.30;
use warnings;

use JSON::PP ();
use Parley::Bland;
use Parley::Server ();
use Parley::Test;

my $parley = Parley::Test->new(worker => 1);
my $bland = Parley::Bland->new($parley);
my $directory = $bland->directory;
my $file = "$directory/visit/bland-pathway.yaml";

sub edit {
	my ($from, $to) = @_;
	my $text = Parley::Server::slurp($file);
	$text =~ s/\Q$from\E/$to/ or die "no $from in $text";
	Parley::Server::spew($file, $text);
}

# --- Pushed and edited.

$bland->run('pathway', 'init', 'visit', '--name', 'Visit');
like($bland->run('pathway', 'validate', 'visit'), qr/3 nodes, 2 edges/,
    'pathway init, validate: it begins with three nodes');
my $pushed = $bland->json('pathway', 'push', 'visit', '--create', '--json');
my $id = $pushed->{pathway_id};
is($pushed->{version}, 1, 'pathway push --create: its first version');
like($bland->run('pathway', 'list'), qr/^\Q$id\E +Visit +draft/m,
    'pathway list: a draft');
is($bland->json('pathway', 'list', '--json')->[0]{name}, 'Visit',
    'pathway list --json');
my $said = $bland->run('pathway', 'get', $id);
like($said, qr/^\s*$_->[0] +\Q$_->[1]\E\s*$/m, "pathway get: $_->[0]")
    for [ ID => $id ], [ Name => 'Visit' ], [ Nodes => 3 ], [ Edges => 2 ],
    [ Status => 'draft' ];
like($bland->run('pathway', 'node', 'list', $id),
    qr/^greeting +Default +Hey there/m, 'pathway node list: its nodes');
like($bland->run('pathway', 'pull', $id, 'pulled'), qr/Pulled "Visit"/,
    'pathway pull: its file');
my $pulled = Parley::Server::slurp("$directory/pulled/bland-pathway.yaml");
like($pulled, qr/^    prompt: Hey there, /m, 'with its prompts');
like($pulled, qr/^ +label: Caller describes what they need/m,
    'and the labels of its edges');
like($bland->run('pathway', 'diff', 'pulled'), qr/in sync/,
    'pathway diff: what was pulled is what is there');
edit("Hey there, thanks for calling. What's going on?", 'Welcome.');
like($bland->run('pathway', 'diff', 'visit'), qr/prompt changed/,
    'pathway diff: an edit shows');
is($bland->json('pathway', 'push', 'visit', '--json')->{version}, 1,
    'pathway push: the same version is written');
unlike($bland->run('pathway', 'diff', 'visit'), qr/prompt changed/,
    'and has the edit');

# --- Published, staged, versions.

is($bland->json('pathway', 'push', 'visit', '--new-version', '--json')
    ->{version}, 2, 'pathway push --new-version: a new one');
is($bland->json('pathway', 'push', 'visit', '--staging', '--json')
    ->{version}, 2, 'pathway push --staging: the latest');
like($bland->run('pathway', 'push', 'visit', '--ver', '1'),
    qr/\d nodes, 2 edges/, 'pathway push --ver: an older one');
like($bland->run('pathway', 'push', 'visit', '--publish'), qr/nodes/,
    'pathway push --publish: a snapshot');
my $versions = $bland->json('pathway', 'versions', $id, '--json');
is_deeply([ map { $_->{version_number} } @$versions ], [ 3, 2, 1 ],
    'pathway versions: all of them');
like($bland->run('pathway', 'versions', $id), qr/^v3 .* production /m,
    'one is in production');
like($bland->run('pathway', 'versions', $id), qr/^v2 .* staging /m,
    'one in staging');
like($bland->run('pathway', 'list'), qr/^\Q$id\E +Visit +live +3/m,
    'pathway list: it is live');
$bland->run('pathway', 'promote', $id, '--ver', '3', '-y');
$bland->run('pathway', 'promote', $id, '-y');
is($bland->json('pathway', 'list', '--json')->[0]{production_version_number},
    4, 'pathway promote: a snapshot of the draft goes live');

# --- Pulled.

like($bland->run('pathway', 'pull', $id, 'json', '--ver', '1', '--format',
    'json'), qr/2 edges/, 'pathway pull --ver: a version');
my $parley_says = eval { Parley::Server::run([ $parley->build . '/parley',
    'pathway', 'check', "$directory/pulled/bland-pathway.yaml" ]) } // $@;
like($parley_says, qr/it can run: 3 nodes/,
    'parley pathway check: it can run');

# --- Another way to make one, and a copy.

my $made = $bland->json('pathway', 'create', 'Again', '--from-file', $file,
    '--json')->{id};
is(@{ $bland->json('pathway', 'get', $made, '--json')->{edges} }, 2,
    'pathway create --from-file: with its edges');
my $copy = $bland->json('pathway', 'duplicate', $id, '--name', 'Copy',
    '--json')->{id};
isnt($copy, $id, 'pathway duplicate: another one');
is($bland->json('pathway', 'get', $copy, '--json')->{name}, 'Copy',
    'of its own name');
is($bland->json('pathway', 'get', $copy, '--json')->{nodes}[0]{globalConfig}
    {globalPrompt} =~ /^Sound natural/, 1, 'and the same nodes');

# --- Folders.

like($bland->run('pathway', 'folder', 'create', 'Mine'), qr/^$/,
    'pathway folder create');
is($bland->json('pathway', 'folder', 'list', '--json')->[0]{name}, 'Mine',
    'pathway folder list: it is there');

# --- Chatted with: static words need no model.

$parley->post("/v1/pathway/$copy", { nodes => [
    { id => 'a', type => 'Default', data => { name => 'Ask', isStart =>
	JSON::PP::true, text => 'Which day, {{name}}?' } },
    { id => 'b', type => 'End Call', data => { name => 'Bye',
	text => 'Until then' } } ],
    edges => [ { id => 'e', source => 'a', target => 'b', label => 'day' } ] });
my $one = $bland->json('pathway', 'chat', $copy, '--variables',
    '{"name":"Ada"}', '--message', 'Hello', '--json');
is_deeply([ @$one{qw(assistant_responses current_node_id completed)} ],
    [ [ 'Which day, Ada?' ], 'a', JSON::PP::false ],
    'pathway chat --message: what the agent says');
like($bland->run('pathway', 'chat', $copy, '--chat-id', $one->{chat_id},
    '--message', 'Monday'), qr/^Until then$/,
    'pathway chat --chat-id: the same chat goes on');
Parley::Server::spew("$directory/script", "Hello\nMonday\nMore\n");
my $script = $bland->json('pathway', 'chat', $copy, '--script', 'script',
    '--json');
is($script->{completed}, JSON::PP::true, 'pathway chat --script: to its end');
is(@{ $script->{transcript} }, 2, 'and no further');
Parley::Server::spew("$directory/cases.yaml",
    "tests:\n  - name: greets\n    scenario: Hello\n");
like($bland->run('pathway', 'test', $copy, '--file', 'cases.yaml'),
    qr{1/1 passed}, 'pathway test: its cases');

# --- Numbers that it answers on.

like($bland->run('number', 'list'), qr/^\+?1 \(555\) 000-1111/m,
    'number list: the account\'s');
$bland->run('number', 'label', $parley->number, 'Front desk');
is($bland->json('number', 'get', $parley->number)->{label}, 'Front desk',
    'number label: it is set');
$bland->run('number', 'update', $parley->number, '--pathway', $id);
is($bland->json('number', 'get', $parley->number)->{pathway_id}, $id,
    'number update --pathway: it answers there');

# --- Deleted.

$bland->run('pathway', 'delete', $_, '-y') for $copy, $made;
is_deeply([ map { $_->{id} } @{ $bland->json('pathway', 'list', '--json') } ],
    [ $id ], 'pathway delete: they are gone');

done_testing;
