//! Models of the Hugging Face Hub: `hub:owner/name@revision` to a local folder, downloaded once.
//!
//! The cache has the layout that all tools of the Hub share, so a model that another program has downloaded is found.
//! Beside it, a manifest per commit lists the files of a finished download with their checksums: a pinned revision that
//! is complete needs no request at all.

mod checksum;
mod download;
mod listing;
mod manifest;

use super::ModelError;
use hf_hub::api::sync::{Api, ApiBuilder};
use hf_hub::{Cache, Repo, RepoType};
use listing::Listing;
use manifest::Manifest;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// A model on the Hub: `owner/name@revision`, the revision a branch, a tag or a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubName {
    /// `owner/name`, or `name` alone for the oldest models.
    pub repository: String,
    /// Branch, tag or commit; `main` where none is given.
    pub revision: String,
}

impl FromStr for HubName {
    type Err = ModelError;

    /// Reads `hub:owner/name@revision`, with or without `hub:` and `@revision`.
    fn from_str(text: &str) -> Result<Self, ModelError> {
        let bare = text.strip_prefix("hub:").unwrap_or(text);
        let (repository, revision) = bare.split_once('@').unwrap_or((bare, "main"));
        let part = |part: &str| {
            let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            !part.is_empty() && !part.starts_with('.') && !part.contains("..") && part.chars().all(allowed)
        };
        if repository.split('/').count() > 2 || !repository.split('/').all(part) || !revision.split('/').all(part) {
            let problem = "not a name on the Hub; write hub:owner/name or hub:owner/name@revision".to_string();
            return Err(ModelError::Hub { name: bare.to_string(), problem });
        }
        Ok(Self { repository: repository.to_string(), revision: revision.to_string() })
    }
}

impl fmt::Display for HubName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.repository, self.revision)
    }
}

impl HubName {
    fn repo(&self) -> Repo {
        Repo::with_revision(self.repository.clone(), RepoType::Model, self.revision.clone())
    }

    fn error(&self, problem: impl fmt::Display) -> ModelError {
        ModelError::Hub { name: self.to_string(), problem: problem.to_string() }
    }

    fn is_pinned(&self) -> bool {
        self.revision.len() == 40 && self.revision.bytes().all(|byte| byte.is_ascii_hexdigit())
    }
}

/// Where the Hub and its cache are.
#[derive(Debug, Clone)]
pub struct HubOptions {
    /// Address of the Hub or of a mirror, without a slash at the end.
    pub endpoint: String,
    /// Folder with the cache, `hub` inside HF_HOME.
    pub cache: PathBuf,
    /// Never uses the network.
    pub offline: bool,
    /// Access token for models that ask for one.
    pub token: Option<String>,
}

impl HubOptions {
    /// Options from the variables that all tools of the Hub honour (HF_ENDPOINT, HF_HOME, HF_HUB_CACHE, HF_HUB_OFFLINE,
    /// HF_TOKEN), asked through `variable`; `None` where neither HF_HOME nor a home folder is known.
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let filled = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let home = filled("HF_HOME").map(PathBuf::from).or_else(|| {
            let caches = filled("XDG_CACHE_HOME").map(PathBuf::from);
            let user = || filled("HOME").or_else(|| filled("USERPROFILE")).map(|home| Path::new(&home).join(".cache"));
            caches.or_else(user).map(|caches| caches.join("huggingface"))
        })?;
        let endpoint = filled("HF_ENDPOINT").unwrap_or_else(|| "https://huggingface.co".to_string());
        let on = |value: String| matches!(value.trim().to_lowercase().as_str(), "1" | "true" | "yes" | "on");
        let saved_token = || std::fs::read_to_string(home.join("token")).ok();
        let token = filled("HF_TOKEN").or_else(saved_token).map(|token| token.trim().to_string());
        Some(Self {
            endpoint: endpoint.trim_end_matches('/').to_string(),
            cache: filled("HF_HUB_CACHE").map_or_else(|| home.join("hub"), PathBuf::from),
            offline: filled("HF_HUB_OFFLINE").is_some_and(on),
            token: token.filter(|token| !token.is_empty()),
        })
    }

    fn api(&self, name: &HubName) -> Result<Api, ModelError> {
        // retries are ours: those of hf-hub start a resumed file at the wrong byte when an attempt brings nothing
        ApiBuilder::from_cache(Cache::new(self.cache.clone()))
            .with_endpoint(self.endpoint.clone())
            .with_token(self.token.clone())
            .with_progress(false)
            .with_retries(0)
            .build()
            .map_err(|error| name.error(error))
    }
}

/// How far the download of one file is.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// The file's path in the repository.
    pub file: &'a str,
    /// Bytes that are here, earlier attempts included.
    pub done: u64,
    /// Bytes of the whole file.
    pub total: u64,
}

/// A model that lies in the cache.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// Folder with the model's files.
    pub folder: PathBuf,
    /// The name with the commit that its revision stands for: the name that gives the same model for ever.
    pub pinned: HubName,
    /// Files downloaded by this call.
    pub downloaded: usize,
    /// Something the user should know (a server that did not answer, files that could not be verified, a cache that
    /// cannot be written).
    pub note: Option<String>,
}

/// Brings the model to the local cache and gives its folder; asks the network only for what is missing.
///
/// `progress` is told of every block of bytes that arrives. Interrupted downloads go on where they stopped, also in a
/// later call. Every file is compared with the checksum that the Hub gives.
pub fn fetch(name: &HubName, options: &HubOptions, progress: &mut dyn FnMut(Progress)) -> Result<Fetched, ModelError> {
    if options.offline {
        return cached(name, options)?.ok_or_else(|| {
            name.error("not in the cache, and HF_HUB_OFFLINE is set; run once without it while the network is there")
        });
    }
    if name.is_pinned()
        && let Some(fetched) = complete(name, options, &name.revision)?
    {
        return Ok(fetched);
    }
    let api = options.api(name)?;
    let listing = match Listing::request(&api, name) {
        Ok(listing) => listing,
        Err(listing::Failure::Refused(error)) => return Err(error),
        Err(listing::Failure::Unreachable(problem)) => {
            let problem = format!("{} cannot be reached ({problem})", options.endpoint);
            let Some(mut fetched) = cached(name, options)? else {
                return Err(name.error(format!("{problem}, and the model is not in the cache")));
            };
            fetched.note = Some(format!("{problem}; using commit {} from the cache", fetched.pinned.revision));
            return Ok(fetched);
        }
    };
    let pinned = HubName { repository: name.repository.clone(), revision: listing.commit.clone() };
    let mut fetched = match complete(&pinned, options, &listing.commit)? {
        Some(fetched) => fetched,
        None => download::all(&api, &pinned, options, &listing, progress)?,
    };
    if commit_in_cache(name, options).as_ref() != Some(&listing.commit)
        && let Err(error) = Cache::new(options.cache.clone()).repo(name.repo()).create_ref(&listing.commit)
    {
        fetched.note.get_or_insert(format!("cannot note in the cache which commit `{name}` is now: {error}"));
    }
    Ok(fetched)
}

/// Compares every file of a fetched model with its checksum; gives how many there are, or the first that is damaged.
pub fn verify(name: &HubName, options: &HubOptions) -> Result<usize, ModelError> {
    let commit = commit_in_cache(name, options);
    let manifest = commit.and_then(|commit| Manifest::read(&options.cache, name, &commit).transpose()).transpose()?;
    let manifest = manifest.ok_or_else(|| name.error("no checksums in the cache; fetch the model first"))?;
    manifest.verify(&manifest::snapshot(&options.cache, name, &manifest.commit))?;
    Ok(manifest.files.len())
}

/// The model as the cache has it, without the network.
fn cached(name: &HubName, options: &HubOptions) -> Result<Option<Fetched>, ModelError> {
    let Some(commit) = commit_in_cache(name, options) else {
        return Ok(None);
    };
    if let Some(fetched) = complete(name, options, &commit)? {
        return Ok(Some(fetched));
    }
    let folder = manifest::snapshot(&options.cache, name, &commit);
    let weights = ["model.safetensors", "model.safetensors.index.json"];
    let usable = weights.iter().any(|file| folder.join(file).is_file())
        && ["config.json", "tokenizer.json"].iter().all(|file| folder.join(file).is_file());
    let pinned = HubName { repository: name.repository.clone(), revision: commit };
    let note = Some("downloaded by another program: its files cannot be verified without the network".to_string());
    Ok(usable.then_some(Fetched { folder, pinned, downloaded: 0, note }))
}

fn complete(name: &HubName, options: &HubOptions, commit: &str) -> Result<Option<Fetched>, ModelError> {
    let folder = manifest::snapshot(&options.cache, name, commit);
    let pinned = HubName { repository: name.repository.clone(), revision: commit.to_string() };
    let whole = Manifest::read(&options.cache, name, commit)?.is_some_and(|manifest| manifest.is_complete(&folder));
    Ok(whole.then_some(Fetched { folder, pinned, downloaded: 0, note: None }))
}

fn commit_in_cache(name: &HubName, options: &HubOptions) -> Option<String> {
    if name.is_pinned() {
        return Some(name.revision.clone());
    }
    let file = manifest::model(&options.cache, name).join("refs").join(&name.revision);
    let commit = std::fs::read_to_string(file).ok()?.trim().to_string();
    listing::is_commit(&commit).then_some(commit)
}
