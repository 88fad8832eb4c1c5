{{ config(materialized='incremental', incremental_strategy='merge', unique_key='order_id') }}
select order_id, customer_id, amount, ordered_on, cast({{ var('turn', 1) }} as int) as turn
from {{ ref('stg_orders') }}
{% if is_incremental() %}
where order_id > 3
{% endif %}
