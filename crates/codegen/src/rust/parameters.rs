//! The builder methods of parameters.

use brainmass_spec::model::Model;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::docs;
use super::identifiers::identifier;

/// A builder method for each parameter. `set` is the path, from `self`, of the function that takes its index and its value.
pub fn methods(model: &Model, set: &TokenStream) -> TokenStream {
    let methods = model.parameters.iter().enumerate().map(|(i, parameter)| {
        let (method, doc) = (identifier(&parameter.name), docs::parameter(parameter));
        let index = Literal::usize_unsuffixed(i);
        quote! {
            #doc
            #[track_caller]
            pub fn #method(mut self, value: impl Into<Values>) -> Self {
                self.#set(#index, value.into());
                self
            }
        }
    });
    methods.collect()
}
