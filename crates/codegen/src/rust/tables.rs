//! The tables of a model: its files, included as they are.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::identifiers::identifier;
use super::info::float;
use brainmass_spec::model::Model;

/// A module with the tables of the model, by their names; nothing for a model without any.
pub fn emit(model: &Model) -> TokenStream {
    if model.tables.is_empty() {
        return quote!();
    }
    let tables = model.tables.iter().map(|table| {
        let (name, path, doc) = (identifier(&table.name), &table.path, format!(" {}", table.doc.trim()));
        let header = Literal::usize_unsuffixed(table.values.header);
        let count = Literal::usize_unsuffixed(table.axes.len());
        let axes = table.axes.iter().map(|axis| {
            let (first, last) = (float(axis.points.first), float(axis.points.last));
            let points = Literal::usize_unsuffixed(axis.points.points);
            quote!(Axis { first: #first, last: #last, points: #points })
        });
        quote! {
            #[doc = #doc]
            pub static #name: Table<'static, #count> =
                Table::new([#(#axes),*], ::core::include_bytes!(#path), #header);
        }
    });
    let reason = "the tables are called as the equations call them";
    let module = format_ident!("tables");
    quote! {
        #[allow(non_upper_case_globals, reason = #reason)]
        mod #module {
            use ::brainmass::generated::{Axis, Table};
            #(#tables)*
        }
    }
}
