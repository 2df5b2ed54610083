//! Data that is part of the program, or shared by those who refer to it.
//!
//! The catalogue entries of compiled models are constants, and those of models that are loaded at run time live as long as something refers to
//! them. [`Text`], [`List`] and [`Shared`] are either, so that both are of one type and neither is copied.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// A value that is part of the program, or shared.
pub struct Shared<T: ?Sized + 'static>(Holder<T>);

enum Holder<T: ?Sized + 'static> {
    Program(&'static T),
    Counted(Arc<T>),
    /// A value that is made when it is first read.
    Later(Arc<dyn Deref<Target = T> + Send + Sync>),
}

impl<T: ?Sized> Shared<T> {
    /// Refers to a value that is part of the program.
    pub const fn new(value: &'static T) -> Self {
        Self(Holder::Program(value))
    }

    /// Shares a value that its owner makes when it is first read.
    pub(crate) fn later(owner: Arc<dyn Deref<Target = T> + Send + Sync>) -> Self {
        Self(Holder::Later(owner))
    }
}

impl<T: ?Sized> Deref for Shared<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        match &self.0 {
            Holder::Program(value) => value,
            Holder::Counted(value) => value,
            Holder::Later(owner) => owner,
        }
    }
}

impl<T: ?Sized> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(match &self.0 {
            Holder::Program(value) => Holder::Program(value),
            Holder::Counted(value) => Holder::Counted(Arc::clone(value)),
            Holder::Later(owner) => Holder::Later(Arc::clone(owner)),
        })
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized> From<&'static T> for Shared<T> {
    fn from(value: &'static T) -> Self {
        Self::new(value)
    }
}

impl<T: ?Sized> From<Arc<T>> for Shared<T> {
    fn from(value: Arc<T>) -> Self {
        Self(Holder::Counted(value))
    }
}

/// Values one after the other, part of the program or shared.
pub struct List<T: 'static>(Shared<[T]>);

impl<T> List<T> {
    /// Refers to values that are part of the program.
    pub const fn new(values: &'static [T]) -> Self {
        Self(Shared::new(values))
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self::new(&[])
    }
}

impl<T> Deref for List<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> Clone for List<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(values: Vec<T>) -> Self {
        Self(Shared::from(Arc::from(values)))
    }
}

impl<T> From<&'static [T]> for List<T> {
    fn from(values: &'static [T]) -> Self {
        Self::new(values)
    }
}

impl<T> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        values.into_iter().collect::<Vec<T>>().into()
    }
}

impl<'a, T> IntoIterator for &'a List<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: PartialEq> PartialEq for List<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Eq> Eq for List<T> {}

impl<T: fmt::Debug> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: Serialize> Serialize for List<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(serializer)
    }
}

/// A text that is part of the program, or shared.
///
/// ```
/// use brainmass::shared::Text;
///
/// const NAME: Text = Text::new("HopfStep");
/// let loaded = Text::from(String::from("HopfStep"));
/// assert_eq!(NAME, loaded);
/// assert!(loaded == "HopfStep" && loaded.ends_with("Step"));
/// ```
#[derive(Clone)]
pub struct Text(Shared<str>);

impl Text {
    /// Refers to a text that is part of the program.
    pub const fn new(text: &'static str) -> Self {
        Self(Shared::new(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Text {
    fn default() -> Self {
        Self::new("")
    }
}

impl Deref for Text {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self
    }
}

impl From<&'static str> for Text {
    fn from(text: &'static str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(Shared::from(Arc::from(text)))
    }
}

impl From<&Text> for Text {
    fn from(text: &Text) -> Self {
        text.clone()
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.as_str().to_owned()
    }
}

impl From<&Text> for String {
    fn from(text: &Text) -> Self {
        text.as_str().to_owned()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Text {}

/// Compares texts with other strings, in either order.
macro_rules! compared {
    ($($other:ty),*) => {$(
        impl PartialEq<$other> for Text {
            fn eq(&self, other: &$other) -> bool {
                let other: &str = other.as_ref();
                self.as_str() == other
            }
        }
        impl PartialEq<Text> for $other {
            fn eq(&self, other: &Text) -> bool {
                other == self
            }
        }
    )*};
}
compared!(str, &str, String);

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other)
    }
}

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn texts_are_equal_wherever_they_stand() {
        let (constant, loaded) = (Text::new("x"), Text::from(String::from("x")));
        assert_eq!(constant, loaded);
        assert_eq!(loaded, "x");
        assert_eq!(String::from("x"), constant);
        let set = HashSet::from([constant]);
        assert!(set.contains("x") && set.contains(&loaded));
        assert_eq!(format!("{loaded:>3}|{loaded:?}"), "  x|\"x\"");
    }

    #[test]
    fn what_is_shared_is_dropped_with_its_last_owner() {
        let value = Arc::new(String::from("x"));
        let shared = Shared::from(Arc::clone(&value));
        let list: List<Shared<String>> = vec![shared.clone(), shared].into();
        let copy = list.clone();
        assert_eq!(Arc::strong_count(&value), 3, "a copy of a list shares its values");
        drop((list, copy));
        assert_eq!(Arc::strong_count(&value), 1);
    }

    #[test]
    fn constants_are_of_the_same_types() {
        const NAMES: List<Text> = List::new(const { &[Text::new("a"), Text::new("b")] });
        static NAME: Text = Text::new("c");
        assert_eq!(NAMES, ["a", "b"].into_iter().map(Text::new).collect());
        assert_eq!(NAME.len(), 1);
    }
}
