//! What a repository holds at a revision, as the Hub tells it.

use super::HubName;
use super::checksum::Checksum;
use crate::model::ModelError;
use hf_hub::api::sync::Api;
use serde::Deserialize;

/// The files of one commit.
pub(super) struct Listing {
    pub(super) commit: String,
    pub(super) files: Vec<RemoteFile>,
}

/// A file in the repository; size in bytes and checksum where the server gives them.
#[derive(Debug, Clone)]
pub(super) struct RemoteFile {
    pub(super) path: String,
    pub(super) size: Option<u64>,
    pub(super) checksum: Option<Checksum>,
}

/// Why there is no listing.
pub(super) enum Failure {
    /// The server did not answer or is in trouble: the cache may help.
    Unreachable(String),
    /// The server answered that it cannot be: asking again does not help.
    Refused(ModelError),
}

impl Listing {
    /// Asks for the commit and the files of `name`.
    pub(super) fn request(api: &Api, name: &HubName) -> Result<Self, Failure> {
        let request = api.repo(name.repo()).info_request().query("blobs", "true");
        let timeout = Some(std::time::Duration::from_secs(60));
        let request = request.config().http_status_as_error(false).timeout_global(timeout).build();
        let mut response = request.call().map_err(|error| Failure::Unreachable(error.to_string()))?;
        let status = response.status().as_u16();
        let header = response.headers().get("x-error-code").and_then(|value| value.to_str().ok());
        let code = header.unwrap_or_default().to_string();
        match status {
            200 => {}
            429 | 500.. => return Err(Failure::Unreachable(format!("HTTP status {status}"))),
            _ => return Err(Failure::Refused(name.error(refusal(status, &code, name)))),
        }
        let body = response.body_mut().read_to_string().map_err(|error| Failure::Unreachable(error.to_string()))?;
        let answer: Answer = serde_json::from_str(&body).map_err(|error| {
            Failure::Refused(name.error(format!("the server's answer is not that of a Hub: {error}")))
        })?;
        if !is_commit(&answer.sha) {
            return Err(Failure::Refused(name.error(format!("the server named `{}` as the commit", answer.sha))));
        }
        let files = answer.siblings.into_iter().map(RemoteFile::from).collect();
        Ok(Self { commit: answer.sha, files })
    }

    /// The file at `path`, if there is one.
    pub(super) fn file(&self, path: &str) -> Option<&RemoteFile> {
        self.files.iter().find(|file| file.path == path)
    }
}

/// Whether a text can be the hash of a commit.
pub(super) fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn refusal(status: u16, code: &str, name: &HubName) -> String {
    let repository = &name.repository;
    match (status, code) {
        (_, "RevisionNotFound") => format!("`{repository}` has no revision `{}`", name.revision),
        (_, "GatedRepo") => "its authors ask to accept terms on its page; then set a token in HF_TOKEN".to_string(),
        (401 | 403, _) | (_, "RepoNotFound") => format!(
            "no public model `{repository}` there (HTTP status {status}); check the name, or set a token in HF_TOKEN"
        ),
        (404, _) => format!("no model `{repository}` with a revision `{}` there (HTTP status 404)", name.revision),
        _ => format!("the server refused (HTTP status {status} {code})"),
    }
}

#[derive(Deserialize)]
struct Answer {
    sha: String,
    siblings: Vec<Sibling>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sibling {
    rfilename: String,
    size: Option<u64>,
    blob_id: Option<String>,
    lfs: Option<Lfs>,
}

#[derive(Deserialize)]
struct Lfs {
    sha256: String,
}

impl From<Sibling> for RemoteFile {
    fn from(sibling: Sibling) -> Self {
        // for large files, blobId names the pointer in git, not the content
        let etag = sibling.lfs.map(|lfs| lfs.sha256).or(sibling.blob_id);
        let checksum = etag.and_then(|etag| Checksum::from_etag(&etag));
        Self { path: sibling.rfilename, size: sibling.size, checksum }
    }
}
