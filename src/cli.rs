//! Operator commands. They call the same verbs as the pages, with an operator as actor.
pub mod audit;
pub mod bench;
pub mod bounce;
pub mod demo;
pub mod erase;
pub mod form;
pub mod import;
pub mod memory;
pub mod pack;
pub mod screen;
pub mod serve;
pub mod set_up;
pub mod synth;
pub mod user;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use tracing_subscriber::filter::dynamic_filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::bench::desk::Count;
use crate::config::Config;

#[derive(Parser)]
#[command(name = "throughcare", version, about = "Case management and closed-loop referrals between organisations")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve pages and API; jobs run inside unless --no-worker.
    Serve {
        /// Fill an empty database with a made-up country to try things in.
        #[arg(long)]
        demo: bool,
        /// Leave the jobs to `throughcare worker` processes.
        #[arg(long)]
        no_worker: bool,
    },
    /// Work off jobs; start as many as needed.
    Worker,
    /// Bring the database to this program's schema.
    Migrate,
    /// Fill an empty database with a big made-up world, for measuring.
    Synth {
        /// How many households; five persons, one and a half cases and five referrals hang on each.
        #[arg(long)]
        households: u32,
    },
    /// Measure the speed budgets on private databases that are thrown away.
    Bench(bench::Arguments),
    /// Take over data from a file or folder.
    Import {
        #[command(subcommand)]
        what: Import,
    },
    /// Look at the log of what happened.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Erase what stands on the list of erased cases.
    Erase {
        /// Once more, after an old backup of the database was put back.
        #[arg(long, required = true)]
        again: bool,
    },
    /// Take in a returned message from standard input, as a mail server pipes it.
    Bounce {
        /// The address it came to, where the mail server tells it.
        #[arg(long)]
        to: Option<String>,
    },
    /// Screen every household of an organisation for the services that have a rule. Protected and restricted cases are never read.
    Screen(screen::Arguments),
    /// Explain this installation and what is wrong with it.
    Doctor,
    /// Check questionnaires.
    #[command(subcommand)]
    Form(form::FormCommand),
    /// Check and load programme packs.
    #[command(subcommand)]
    Pack(pack::PackCommand),
    /// Add users.
    #[command(subcommand)]
    User(user::UserCommand),
    /// Print the description of the REST API (OpenAPI 3.1).
    Openapi,
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Read every sealed block again and say what does not fit.
    Verify,
}

#[derive(Subcommand)]
enum Import {
    /// A service directory in HSDS: JSON, or a folder of CSV files.
    Directory {
        /// The file or folder.
        path: std::path::PathBuf,
    },
}

/// Runs the command named by the program's arguments.
pub fn run() -> ExitCode {
    // One TLS implementation for listening and for the database; a second call changes nothing.
    rustls::crypto::ring::default_provider().install_default().ok();
    let arguments = Arguments::parse();
    // What runs for long.
    if matches!(arguments.command, Command::Serve { .. } | Command::Worker | Command::Bench(_)) {
        memory::begin_with_less();
    }
    listen(matches!(arguments.command, Command::Bench(_)).then_some(Count));
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return complain(&error.into()),
    };
    match runtime.block_on(dispatch(arguments.command)) {
        Ok(code) => code,
        Err(error) => complain(&error),
    }
}

// Measuring counts statements too; nobody else pays for that.
fn listen(count: Option<Count>) {
    let chosen = EnvFilter::try_from_default_env().unwrap_or_else(|_| "info,sqlx=warn".into());
    let words = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_filter(chosen);
    let told = dynamic_filter_fn(|about, _| about.target() == "sqlx::query" && Count::is_on());
    let count = count.map(|count| count.with_filter(told));
    tracing_subscriber::registry().with(words).with(count).init();
}

async fn dispatch(command: Command) -> anyhow::Result<ExitCode> {
    // These need no settings, or explain themselves what is wrong with them.
    match command {
        Command::Doctor => return Ok(crate::platform::doctor::run(Config::from_env()).await),
        Command::Form(command) => return form::run(&command),
        Command::Pack(command) => return pack::run(command).await.map(|()| ExitCode::SUCCESS),
        Command::Openapi => {
            println!("{}", crate::routes::document().to_pretty_json()?);
            return Ok(ExitCode::SUCCESS);
        }
        Command::Screen(arguments) => return Box::pin(screen::run(&arguments)).await,
        // A mail server reads the exit code.
        Command::Bounce { to } => return Ok(bounce::run(to.as_deref()).await),
        _ => {}
    }
    with_settings(command, &Config::from_env()?).await.map(|()| ExitCode::SUCCESS)
}

async fn with_settings(command: Command, config: &Config) -> anyhow::Result<()> {
    match command {
        Command::Serve { demo, no_worker } => Box::pin(serve::serve(config, demo, !no_worker)).await,
        Command::Worker => serve::work(config).await,
        Command::Migrate => set_up::open(config).await?.close().await,
        Command::Import { what: Import::Directory { path } } => Box::pin(import::directory(config, &path)).await,
        Command::User(command) => user::run(config, command).await,
        Command::Synth { households } => {
            let opened = set_up::open(config).await?;
            let filled = synth::fill(&opened, households).await;
            opened.close().await?;
            filled
        }
        Command::Bench(arguments) => Box::pin(bench::run(config, &arguments)).await,
        Command::Audit(AuditCommand::Verify) => audit::verify(config).await,
        Command::Erase { again: true } => erase::again(config).await,
        Command::Erase { again: false }
        | Command::Doctor
        | Command::Form(_)
        | Command::Pack(_)
        | Command::Openapi
        | Command::Bounce { .. }
        | Command::Screen(_) => Ok(()),
    }
}

fn complain(error: &anyhow::Error) -> ExitCode {
    eprintln!("throughcare: {error:#}");
    ExitCode::FAILURE
}
