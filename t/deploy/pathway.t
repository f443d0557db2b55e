#!/usr/bin/perl
# parley pathway: what it says of pathways in files, with no database.
use v5.30;
use warnings;

use File::Temp ();
use Parley::Model;
use Parley::Server ();
use Parley::Source qw(source);
use Test::More;

my $build = $ENV{BUILDDIR} // source();
my $directory = File::Temp->newdir('parley-XXXXXX', TMPDIR => 1);

# Runs it on a file of this content; sets $out, $err and $status.
my ($out, $err, $status);
sub check {
	my ($name, $content) = @_;
	Parley::Server::spew("$directory/$name", $content) if defined $content;
	my ($one, $two) = map { File::Temp->new } 1 .. 2;
	my $pid = fork // die "fork: $!";
	if ($pid == 0) {
		chdir $directory or POSIX::_exit(126);
		Parley::Server::redirect('/dev/null', "$one", "$two");
		exec "$build/parley", 'pathway', 'check', $name
		    or POSIX::_exit(127);
	}
	waitpid $pid, 0;
	$status = $? & 127 ? "signal $?" : $? >> 8;
	($out, $err) = map { Parley::Server::slurp("$_") } $one, $two;
}

my $good = <<'END';
name: Booking
global:
  prompt: Be brief.
nodes:
  greeting:
    prompt: Greet them.
    edges:
      - target: goodbye
        label: they are done
  goodbye:
    type: End Call
    prompt: Say goodbye.
END
my $document = '{"nodes":[{"id":"1","type":"Default","data":{"name":"Start",'
    . '"isStart":true,"text":"Hi"}},{"id":"2","type":"End Call","data":{"name"'
    . ':"Bye","text":"Bye"}}],"edges":[{"id":"e","source":"1","target":"2",'
    . '"label":"done"}]}';

for ([ 'a.yaml', $good ], [ 'a.json', $document ], [ 'a.yml', $document ]) {
	check(@$_);
	is($status, 0, "$_->[0]: what can run is right");
	is($out, "$_->[0]: it can run: 2 nodes\n", 'and that is said');
	is($err, '', 'with nothing beside it');
}

sub refuses {
	my ($content, $pattern, $name, $file) = @_;
	check($file // 'bad.yaml', $content);
	is($status, 1, "$name: it ends with 1");
	is($out, '', 'it prints nothing');
	like($err, $pattern, 'it says why');
	is(join("\n", grep { !/^parley: / } split /\n/, $err), '',
	    'every line of it begins with its name');
}

refuses($good =~ s/target: goodbye/target: nowhere/r,
    qr/^parley: bad\.yaml: .*nowhere/m, 'an edge to nowhere');
like($err, qr/^parley: bad\.yaml: Node goodbye: .*leads to it/m,
    'and every other fault, by its node');
refuses($good =~ s/End Call/Robot/r, qr/Node goodbye: .*Robot is unknown/,
    'a type that is unknown');
refuses($good =~ s/End Call/Custom Code/r, qr/Node goodbye: .*Custom Code/,
    'code');
refuses($document =~ s/"isStart":true,//r, qr/isStart/,
    'a document without a start', 'bad.json');
refuses("nodes: 1\n", qr/it has no nodes/, 'a file without nodes');
refuses("a: 1\na: 2\n", qr/line 2, column 1: a name is repeated/,
    'YAML that is wrong');
refuses('{"nodes": [}', qr/bad\.json: line 1, column 12: /,
    'JSON that is wrong', 'bad.json');
refuses('a' x (4 << 20) . 'a', qr/has more than 4194304 bytes/,
    'a file that is too large');
refuses(undef, qr{missing\.yaml: No such file}, 'a file that is not there',
    'missing.yaml');

# --- A chat in the terminal.

my $model = Parley::Model->new;

# The same with `run`, and these lines as what the user says.
sub chat {
	my ($name, $lines, @more) = @_;
	my ($in, $one, $two) = map { File::Temp->new } 1 .. 3;
	print $in $lines;
	$in->flush;
	my $pid = fork // die "fork: $!";
	if ($pid == 0) {
		delete @ENV{grep { /^PARLEY_/ } keys %ENV};
		%ENV = (%ENV, $model->environment, PARLEY_CONFIG => '/dev/null');
		chdir $directory or POSIX::_exit(126);
		Parley::Server::redirect("$in", "$one", "$two");
		exec "$build/parley", 'pathway', 'run', $name, @more
		    or POSIX::_exit(127);
	}
	waitpid $pid, 0;
	$status = $? & 127 ? "signal $?" : $? >> 8;
	($out, $err) = map { Parley::Server::slurp("$_") } $one, $two;
}

Parley::Server::spew("$directory/talk.yaml", <<'END');
nodes:
  ask:
    text: Which day, {{name}}?
    edges: [{ target: bye, label: a day }]
  bye: { type: End Call, text: Until then. }
END
chat('talk.yaml', "\nMonday\nmore\n", '--variables', '{"name":"Ada"}');
is($status, 0, 'run: a pathway is chatted with');
is($out, "Which day, Ada?\nUntil then.\n", 'until it ends');
is($err, '', 'with nothing beside it');
chat('talk.yaml', '');
is($out, "Which day, {{name}}?\n", 'or until there are no more lines');
is($status, 0, 'which is no fault');
chat('talk.yaml', '', '--variables', '[]');
is($status, 1, 'variables that are no object are refused');
chat('bad.yaml', '');
is($status, 1, 'and so is a pathway that cannot run');
$model->answer('Good morning.');
Parley::Server::spew("$directory/asks.yaml",
    "nodes: { a: { type: End Call, prompt: Greet } }\n");
chat('asks.yaml', '');
is($out, "Good morning.\n", 'the model of [llm] is asked');

# --- What the official client begins a project with.

{
	local %ENV = (PATH => $ENV{PATH}, HOME => "$directory",
	    NO_COLOR => 1, BLAND_API_KEY => 'none');
	Parley::Server::run([ 'node', source()
	    . '/t/node_modules/bland-cli/dist/index.js', 'pathway', 'init',
	    "$directory/project", '--name', 'Project' ]);
}
check('project/bland-pathway.yaml');
is($status, 0, 'the beginning of a project can run');
is($out, "project/bland-pathway.yaml: it can run: 3 nodes\n",
    'as it stands');

done_testing;
