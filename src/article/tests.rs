//! What is read out of files, and what is said about the rest.

use std::fs;
use std::io::Write;

use tempfile::TempDir;

use super::*;

mod encodings;
mod files;
mod languages;
mod pages;
mod rows;

const POLISH: &str = "Teheran potwierdził, że przekazywał Rosji drony przed rozpoczęciem inwazji, podkreślając, że nie \
    eksportował żadnego innego uzbrojenia. Władze są przekonane, że dostawy trwały także już po wybuchu wojny.";
const GREEK: &str = "Η στρατιωτική συνεργασία των δύο χωρών δεν θα υποκύψει σε πιέσεις, δήλωσε σήμερα ο υφυπουργός \
    Εξωτερικών, ύστερα από τη δημοσίευση πληροφοριών για πωλήσεις όπλων. Άλλες χώρες διαφωνούν.";
const CROATIAN: &str = "Ministar je u utorak rekao da će vlada tijekom sljedećeg tjedna objaviti što se dogodilo, no \
    oporba tvrdi kako se izvješće već mjesecima skriva od javnosti.";

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn read(folder: &TempDir) -> Corpus {
    read_corpus(&[folder.path().to_owned()], &Settings::default()).unwrap()
}

fn ids(corpus: &Corpus) -> Vec<&str> {
    corpus.articles.iter().map(|article| article.id.as_str()).collect()
}

/// Reads one bad file beside a good one: the reason that it was skipped for.
fn reason(name: &str, bytes: &[u8]) -> String {
    let corpus = read(&folder(&[("good.txt", POLISH.as_bytes()), (name, bytes)]));
    assert!(ids(&corpus).contains(&"good.txt"), "a bad file must not stop the others");
    assert_eq!(corpus.skipped.len(), 1, "{:?}", corpus.skipped);
    corpus.skipped[0].reason.clone()
}

fn encoded(text: &str, label: &str) -> Vec<u8> {
    let (bytes, _, lossy) = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().encode(text);
    assert!(!lossy);
    bytes.into_owned()
}

fn zstandard(text: &str) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(text.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}
