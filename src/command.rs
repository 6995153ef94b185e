//! The console's own commands as data: what a keymap may name, what help and palette list. Which key runs
//! one stands in `keymaps/`, what it does in `update`; neither belongs here.

/// Where a command has something to act on; help lists only those of the place at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Context {
    /// Everywhere.
    Any,
    /// A pane with rows.
    Table,
    /// An object under the cursor, in a table or a tree.
    Row,
    /// A text to read: YAML, description, log, help.
    Text,
    /// Something lies over the pane: help, palette, form, question.
    Overlay,
    /// A running or finished job under the cursor.
    Job,
}

/// One built-in command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Command {
    /// What a keymap names.
    pub id: &'static str,
    /// A few words, for the palette and the key hints.
    pub title: &'static str,
    /// One sentence, for help.
    pub help: &'static str,
    pub context: Context,
}

/// The command of that id.
pub fn find(id: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.id == id)
}

const fn command(id: &'static str, title: &'static str, help: &'static str, context: Context) -> Command {
    Command { id, title, help, context }
}

use Context::{Any, Job, Overlay, Row, Table, Text};

/// Every built-in command, in the order help shows them.
#[rustfmt::skip]
pub static COMMANDS: &[Command] = &[
    command("app.quit", "Quit", "Leave the console; the engines go on with what was begun", Any),
    command("app.suspend", "Suspend", "Stop the console and return to the shell until `fg`", Any),
    command("help.open", "Help", "Show the keys and commands that work here", Any),
    command("palette.open", "Command palette", "Find a pane, an object or an action by a few letters", Any),
    command("retry.now", "Retry now", "Connect again at once to every site that does not answer", Any),
    command("screen.back", "Back", "Return to the screen before this one", Any),
    command("screen.forward", "Forward", "Undo the last step back", Any),
    command("screen.redraw", "Redraw", "Paint the whole terminal anew", Any),
    command("theme.next", "Next theme", "Switch to the next theme", Any),

    command("cursor.down", "Down", "Move the cursor one row down", Any),
    command("cursor.up", "Up", "Move the cursor one row up", Any),
    command("cursor.page-down", "Page down", "Move the cursor one page down", Any),
    command("cursor.page-up", "Page up", "Move the cursor one page up", Any),
    command("cursor.half-down", "Half a page down", "Move the cursor half a page down", Any),
    command("cursor.half-up", "Half a page up", "Move the cursor half a page up", Any),
    command("cursor.top", "First row", "Move the cursor to the first row", Any),
    command("cursor.bottom", "Last row", "Move the cursor to the last row", Any),
    command("column.left", "Scroll left", "Scroll the columns to the left", Any),
    command("column.right", "Scroll right", "Scroll the columns to the right", Any),

    command("row.open", "Open", "Open what is under the cursor: a cluster's tree, an object's card", Row),
    command("row.tree", "Tree", "Show the object with all it owns, down to the deepest failing condition", Row),
    command("row.describe", "Describe", "Show the object's card: status, conditions, owners, events", Row),
    command("row.yaml", "YAML", "Show the whole object as the server has it, secrets masked", Row),
    command("row.events", "Events", "Show the object's events, newest first", Row),
    command("row.conditions", "Conditions", "Show the object's conditions with reason, message and age", Row),
    command("row.owners", "Owners and children", "Show what owns the object and what it owns", Row),
    command("row.copy", "Copy menu", "Choose what of the object goes to the clipboard", Row),
    command("row.actions", "Actions", "Choose what to do with it, or with the marked ones in turn", Row),
    command("row.mark", "Mark", "Mark or unmark the row, for an action on several", Row),
    command("row.mark-range", "Mark up to here", "Mark every row from the last mark to the cursor", Row),
    command("mark.clear", "Clear marks", "Unmark every row, those hidden by the filter too", Table),
    command("mark.all", "Mark all shown", "Mark every row that the filter shows", Table),

    command("copy.name", "Copy name", "Copy the object's name", Row),
    command("copy.reference", "Copy reference", "Copy site, kind, namespace and name", Row),
    command("copy.command", "Copy kubectl command", "Copy the kubectl command that shows this object", Row),
    command("copy.json", "Copy row as JSON", "Copy the row as JSON", Row),
    command("copy.markdown", "Copy row as Markdown", "Copy the row as a Markdown table", Row),

    command("filter.open", "Filter", "Show only rows that match: words, !not, key=value, label:name, ~regex", Table),
    command("filter.clear", "Clear filter", "Show every row again", Table),
    command("fault.toggle", "Faults only", "Show only rows with a warning or a failure, or all again", Table),
    command("sort.next", "Sort by next column", "Sort by the next column", Table),
    command("sort.reverse", "Reverse order", "Turn the order of the rows around", Table),
    command("sort.pick", "Sort by column", "Choose the column to sort by", Table),
    command("wide.toggle", "Wide", "Show or hide the extra columns", Table),
    command("freeze.toggle", "Freeze", "Hold the rows still to read them, or let them move again", Table),
    command("scope.cluster", "Only this cluster", "Narrow every pane to the cluster under the cursor", Row),
    command("scope.namespace", "Scope to namespace", "Show only the namespaces of the selected or marked rows, in every pane", Row),
    command("scope.site", "Scope to site", "Show only the sites of the selected or marked rows, in every pane", Row),
    command("scope.clear", "Whole fleet", "Widen every pane to all clusters and namespaces", Any),

    command("pane.fleet", "Fleet", "Go to the sites of the fleet", Any),
    command("pane.clusters", "Clusters", "Go to the workload and management clusters", Any),
    command("pane.pools", "Node pools", "Go to the control planes and node pools", Any),
    command("pane.machines", "Machines", "Go to the machines", Any),
    command("pane.nodes", "Nodes", "Go to the nodes of the clusters in scope", Any),
    command("pane.jobs", "Jobs", "Go to the jobs of this session", Any),
    command("pane.notices", "Notices", "Go to what the console had to say", Any),
    command("pane.packages", "Packages", "Go to the packages of the management clusters and the clusters in scope", Any),
    command("pane.repositories", "Repositories", "Go to where the packages come from", Any),
    command("pane.next", "Next pane", "Go to the next pane", Any),
    command("pane.prev", "Previous pane", "Go to the previous pane", Any),

    command("session.open", "Open a write session", "Allow changes on one site, with a reason and for some minutes", Any),
    command("session.close", "Close the write session", "Make the site read-only again", Any),
    command("job.undo", "Take back", "Make the plan that takes the job back, where there is one; it asks as any other", Job),
    command("job.cancel", "Cancel job", "Stop the job before its next step; what is done stays done", Job),

    command("overlay.close", "Close", "Close what lies on top and change nothing", Overlay),
    command("overlay.accept", "Accept", "Take the choice or the text that is shown", Overlay),
    command("plan.confirm", "Do it", "Carry out the plan that is shown, once the server has said what it would do", Overlay),
    command("consent.allow", "Allow the Secret", "Use the kubeconfig Secrets of the site, which is cluster-admin, in this run", Overlay),
    command("overlay.next", "Next", "Go to the next choice or field", Overlay),
    command("overlay.prev", "Previous", "Go to the previous choice or field", Overlay),

    command("search.open", "Search", "Find a text on this page", Text),
    command("search.next", "Next match", "Go to the next match", Text),
    command("search.prev", "Previous match", "Go to the previous match", Text),
    command("fold.toggle", "Fold", "Fold or unfold the block or branch under the cursor", Any),
    command("fold.all", "Fold all", "Fold or unfold everything", Any),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_and_titles_are_unique() {
        let ids: BTreeSet<_> = COMMANDS.iter().map(|command| command.id).collect();
        let titles: BTreeSet<_> = COMMANDS.iter().map(|command| command.title).collect();
        assert_eq!((ids.len(), titles.len()), (COMMANDS.len(), COMMANDS.len()));
    }

    #[test]
    fn every_id_is_found_and_reads_as_topic_and_verb() {
        for command in COMMANDS {
            assert_eq!(find(command.id), Some(command));
            let (topic, verb) = command.id.split_once('.').unwrap();
            let plain =
                |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
            assert!(plain(topic) && plain(verb), "{}", command.id);
            assert!(command.title.chars().count() <= 24, "{}", command.title);
            assert!(!command.help.ends_with('.') && command.help.chars().count() <= 80, "{}", command.help);
        }
        assert_eq!(find("app.explode"), None);
    }
}
