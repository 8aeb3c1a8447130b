"""The Overview as an ordinary developer would write it, in plain Streamlit and in Dash: what the product is measured against."""
