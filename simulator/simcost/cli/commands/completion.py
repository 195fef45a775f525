"""``simcost completion``: the script that teaches a shell to complete simcost's commands, options and option names."""

from __future__ import annotations

import click

from simcost.cli.parameters import quiet_option


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@quiet_option
def command(*, shell: str, quiet: bool) -> None:
    """Print a script for your shell that completes commands.

    \b
    To keep it, add a line to
    ~/.bashrc:                                eval "$(simcost completion bash)"
    ~/.zshrc:                                 eval "$(simcost completion zsh)"
    ~/.config/fish/completions/simcost.fish:  simcost completion fish | source
    """  # noqa: D301 - \b is click's mark for a paragraph that is not to be wrapped
    from click.shell_completion import get_completion_class

    del quiet  # it has no notes, and a script that gives -q to every command need not know
    completion = get_completion_class(shell)
    if completion is None:
        message = f"click has no completion for {shell}"
        raise click.ClickException(message)
    root = click.get_current_context().find_root().command
    click.echo(completion(root, {}, "simcost", "_SIMCOST_COMPLETE").source())
